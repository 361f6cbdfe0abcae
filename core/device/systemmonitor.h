// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace torchdesk {

/// The processor and its memory at one moment, from /proc. Shares are 0 … 1 of the whole machine.
struct SystemSample
{
    std::optional<double> processorShare; ///< since the last sample; nullopt for the first
    std::uint64_t memoryUsed = 0;         ///< bytes, without what can be freed at once
    std::uint64_t memoryTotal = 0;
    std::optional<double> ownProcessorShare; ///< of this process
    std::uint64_t ownMemory = 0;             ///< resident bytes of this process
    std::optional<double> megahertz;         ///< the mean over cores

    bool operator==(const SystemSample&) const = default;
};

/// "AMD EPYC", "Processor" where it is not told; the cores this process may use.
std::string processorName();
std::string processorNameIn(const std::filesystem::path& proc); ///< \p proc in place of /proc
/// The cores that a container's quota leaves of \p cores; \p cpuMax is its cpu.max, "200000 100000" or
/// "max 100000" (the kernel's cgroup-v2 documentation).
int coresOfQuota(const std::string& cpuMax, int cores);
/// The cores that this process may use: its affinity, and a container's quota.
int availableCores();

/// One thread at a time. Reading takes well under a millisecond.
class SystemMonitor
{
public:
    /// \p proc is another folder in tests.
    explicit SystemMonitor(std::filesystem::path proc = "/proc");
    SystemSample sample();

private:
    std::filesystem::path m_proc;
    std::uint64_t m_busy = 0;
    std::uint64_t m_all = 0;
    std::uint64_t m_own = 0;
    bool m_first = true;
};

} // namespace torchdesk
