// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

namespace torchdesk {

/// How much more memory this process held, at its most, than when this was made. What the heap keeps of
/// earlier work is given back to the system first, or a second measurement would find less than the first;
/// the kernel's mark of the most resident memory (VmHWM) is set back. Resident pages of mapped files count,
/// and so does what other threads take meanwhile. One at a time; takes milliseconds.
class MemoryGrowth
{
public:
    /// \p status: /proc/self/status or a file of its form.
    explicit MemoryGrowth(std::filesystem::path status = "/proc/self/status");
    /// Bytes; 0 where the kernel does not tell, or no more was taken.
    std::uint64_t bytes() const;

private:
    std::filesystem::path m_status;
    std::uint64_t m_before = 0; ///< 0: unknown
};

/// What this process holds of memory now, pages of mapped files included; 0 where the kernel does not tell.
std::uint64_t residentBytes();

} // namespace torchdesk
