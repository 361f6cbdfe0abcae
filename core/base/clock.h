// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

namespace torchdesk {

/// Seconds since 1970, UTC.
double wallSeconds();
/// "2026-11-23T14:12:05Z".
std::string isoTime(double wallSeconds);
/// "2026-11-23_1412", local time: how a run folder begins.
std::string folderTime(double wallSeconds);

/// Counts the seconds that it runs; paused time is left out.
class Stopwatch
{
public:
    void start();
    void pause();
    double seconds() const;

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point m_since{};
    double m_before = 0;
    bool m_running = false;
};

} // namespace torchdesk
