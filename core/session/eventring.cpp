// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/eventring.h"

#include <type_traits>

namespace torchdesk {

// put() is noexcept because a slot is assigned to, never made.
static_assert(std::is_nothrow_move_assignable_v<Event>);

EventRing::EventRing(std::size_t capacity) : m_slots(capacity) {}

void EventRing::put(Event event) noexcept
{
    {
        std::unique_lock lock(m_mutex);
        m_notFull.wait(lock, [this] { return m_closed || m_count < m_slots.size(); });
        if (m_closed)
            return;
        m_slots[(m_first + m_count) % m_slots.size()] = std::move(event);
        ++m_count;
    }
    m_notEmpty.notify_one();
}

std::vector<Event> EventRing::take(std::chrono::milliseconds time)
{
    std::vector<Event> taken;
    {
        std::unique_lock lock(m_mutex);
        m_notEmpty.wait_for(lock, time, [this] { return m_closed || m_count > 0; });
        taken.reserve(m_count);
        for (; m_count > 0; --m_count) {
            taken.push_back(std::exchange(m_slots[m_first], Event()));
            m_first = (m_first + 1) % m_slots.size();
        }
    }
    m_notFull.notify_all();
    return taken;
}

void EventRing::close() noexcept
{
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_notFull.notify_all();
    m_notEmpty.notify_all();
}

std::size_t EventRing::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_count;
}

} // namespace torchdesk
