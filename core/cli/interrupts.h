// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace torchdesk::cli {

/// Ctrl-C, SIGTERM and SIGHUP as a stop token; a Ctrl-C after any of them leaves the process at once with
/// 130. The signals are blocked and a thread waits for them, so no code ever runs inside a handler. Make it
/// before any other thread starts: threads inherit what is blocked. SIGHUP stays ignored where it was
/// (nohup). SIGPIPE is ignored.
class Interrupts
{
public:
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    std::stop_token token() const { return m_source.get_token(); }

private:
    void wait();

    std::stop_source m_source;
    std::atomic<bool> m_done = false;
    std::thread m_thread;
};

} // namespace torchdesk::cli
