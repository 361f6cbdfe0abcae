// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/mailbox.h"

#include <utility>

namespace torchdesk {

void Mailbox::post(const Command& command) noexcept
{
    {
        const std::scoped_lock lock(m_mutex);
        m_commands.push_back(command);
        m_waiting.store(true, std::memory_order_release);
    }
    m_arrived.notify_one();
}

std::vector<Command> Mailbox::take()
{
    const std::scoped_lock lock(m_mutex);
    m_waiting.store(false, std::memory_order_release);
    return std::exchange(m_commands, {});
}

std::vector<Command> Mailbox::wait()
{
    {
        std::unique_lock lock(m_mutex);
        m_arrived.wait(lock, [this] { return !m_commands.empty(); });
    }
    return take();
}

Command Mailbox::waitForNext()
{
    std::unique_lock lock(m_mutex);
    m_arrived.wait(lock, [this] { return !m_commands.empty(); });
    Command next = std::move(m_commands.front());
    m_commands.erase(m_commands.begin());
    m_waiting.store(!m_commands.empty(), std::memory_order_release);
    return next;
}

} // namespace torchdesk
