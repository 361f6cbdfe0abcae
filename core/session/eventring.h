// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace torchdesk {

/// A bounded queue between a trainer's thread and the session's. One thread puts, one takes, any may close.
/// Nothing is lost: put() waits while the ring is full, and takes no memory of its own.
class EventRing final : public EventSink
{
public:
    explicit EventRing(std::size_t capacity = 1024);

    /// Blocks while the ring is full. After close() the event is dropped at once.
    void put(Event event) noexcept override;
    /// Waits for at least one event, or for \p time, and takes all, in order; empty after that time, and at
    /// once where the ring is closed and drained.
    std::vector<Event> take(std::chrono::milliseconds time = std::chrono::hours(24));
    /// Ends every wait, now and later.
    void close() noexcept;
    std::size_t size() const;

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_notFull;
    std::condition_variable m_notEmpty;
    std::vector<Event> m_slots;
    std::size_t m_first = 0;
    std::size_t m_count = 0;
    bool m_closed = false;
};

} // namespace torchdesk
