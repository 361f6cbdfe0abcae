// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cli/linereader.h"
#include "core/cli/trainview.h"
#include "core/session/session.h"

namespace torchdesk::cli {

/// Wakes a poll() from another thread.
class Wakeup
{
public:
    Wakeup();
    ~Wakeup();
    Wakeup(const Wakeup&) = delete;
    Wakeup& operator=(const Wakeup&) = delete;
    void signal() const noexcept;
    void clear() const noexcept;
    int descriptor() const { return m_descriptor; }

private:
    int m_descriptor = -1;
};

/// Carries the events of a session to a view, and commands from standard input to the session, until the run
/// has ended and every file is on disk.
class TrainLoop
{
public:
    TrainLoop(Session& session, TrainView& view, const Wakeup& wakeup, std::stop_token stop, bool control);
    /// Blocks until the run is over; gives its last event.
    Finished run();

private:
    void wait();
    void waitFor(int descriptor, int milliseconds);
    void readCommands();
    void drain();
    void postLine(const std::string& line);

    Session& m_session;
    TrainView& m_view;
    const Wakeup& m_wakeup;
    std::stop_token m_stop;
    bool m_control;
    bool m_stopShown = false;
    LineReader m_input;
    std::chrono::steady_clock::time_point m_drained{};
    std::optional<Finished> m_finished;
};

} // namespace torchdesk::cli
