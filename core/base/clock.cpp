// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

#include <ctime>
#include <fmt/format.h>

namespace torchdesk {

double wallSeconds()
{
    using namespace std::chrono;
    return duration<double>(system_clock::now().time_since_epoch()).count();
}

std::string isoTime(double wallSeconds)
{
    const auto seconds = static_cast<std::time_t>(wallSeconds);
    std::tm t{};
    gmtime_r(&seconds, &t);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                       t.tm_hour, t.tm_min, t.tm_sec);
}

std::string folderTime(double wallSeconds)
{
    const auto seconds = static_cast<std::time_t>(wallSeconds);
    std::tm t{};
    localtime_r(&seconds, &t);
    return fmt::format("{:04}-{:02}-{:02}_{:02}{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                       t.tm_min);
}

void Stopwatch::start()
{
    if (!m_running)
        m_since = Clock::now();
    m_running = true;
}

void Stopwatch::pause()
{
    m_before = seconds();
    m_running = false;
}

double Stopwatch::seconds() const
{
    if (!m_running)
        return m_before;
    return m_before + std::chrono::duration<double>(Clock::now() - m_since).count();
}

} // namespace torchdesk
