// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/commands.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace torchdesk {

/// Commands on their way to the trainer's thread. post(): any thread, never blocks for long. The rest: the
/// trainer's.
class Mailbox
{
public:
    void post(const Command& command) noexcept;
    /// Cheap enough to ask between any two steps.
    bool empty() const noexcept { return !m_waiting.load(std::memory_order_acquire); }
    /// Everything that has come, in order; empty if nothing has.
    std::vector<Command> take();
    /// The same, but blocks until something comes.
    std::vector<Command> wait();
    /// Only the next one; blocks until it comes.
    Command waitForNext();

private:
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::vector<Command> m_commands;
    std::atomic<bool> m_waiting = false;
};

} // namespace torchdesk
