// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/memorygrowth.h"

#include <fstream>
#include <malloc.h>
#include <string>
#include <utility>

namespace torchdesk {

namespace {

/// The bytes of a line "VmHWM:     123456 kB" (proc(5)); 0 where there is none.
std::uint64_t bytesOfLine(const std::filesystem::path& status, const std::string& name)
{
    std::ifstream file(status);
    for (std::string word; file >> word;) {
        std::uint64_t kilobytes = 0;
        if (word == name + ":" && file >> kilobytes)
            return kilobytes * 1024;
    }
    return 0;
}

/// proc(5): 5 sets VmHWM to what is resident now. False in containers that do not allow it.
bool resetPeak()
{
    std::ofstream file("/proc/self/clear_refs");
    file << "5" << std::flush;
    return file.good();
}

} // namespace

MemoryGrowth::MemoryGrowth(std::filesystem::path status) : m_status(std::move(status))
{
    malloc_trim(0);
    // An old peak could hide all of it.
    if (resetPeak())
        m_before = bytesOfLine(m_status, "VmRSS");
}

std::uint64_t residentBytes()
{
    return bytesOfLine("/proc/self/status", "VmRSS");
}

std::uint64_t MemoryGrowth::bytes() const
{
    const std::uint64_t peak = bytesOfLine(m_status, "VmHWM");
    return m_before > 0 && peak > m_before ? peak - m_before : 0;
}

} // namespace torchdesk
