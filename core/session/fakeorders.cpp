// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/faketrainer.h"

#include <utility>

namespace torchdesk {

void FakeOrders::take(const Command& command)
{
    {
        const std::lock_guard lock(m_mutex);
        if (std::holds_alternative<Start>(command))
            m_started = true;
        else if (std::holds_alternative<Pause>(command))
            m_paused = true;
        else if (std::holds_alternative<Resume>(command))
            m_paused = false;
        else if (const auto* stop = std::get_if<Stop>(&command))
            (stop->when == Stop::When::Now ? m_stopNow : m_stopAfterEpoch) = true;
        else if (const auto* change = std::get_if<Change>(&command))
            m_changes.push_back(*change);
        else
            m_snapshot = true;
    }
    m_changed.notify_all();
}

void FakeOrders::abandon()
{
    take(Stop{Stop::When::Now});
}

bool FakeOrders::waitForStart()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_started || m_stopNow; });
    return m_started;
}

void FakeOrders::waitWhilePaused()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_paused || m_stopNow || m_stopAfterEpoch; });
    m_paused = false;
}

void FakeOrders::waitFor(double seconds)
{
    if (seconds <= 0)
        return;
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return m_stopNow; });
}

bool FakeOrders::paused() const
{
    const std::lock_guard lock(m_mutex);
    return m_paused && !m_stopNow;
}

bool FakeOrders::stopNow() const
{
    const std::lock_guard lock(m_mutex);
    return m_stopNow;
}

bool FakeOrders::stopAfterEpoch() const
{
    const std::lock_guard lock(m_mutex);
    return m_stopAfterEpoch;
}

std::optional<Change> FakeOrders::nextChange()
{
    const std::lock_guard lock(m_mutex);
    if (m_changes.empty())
        return std::nullopt;
    Change change = m_changes.front();
    m_changes.erase(m_changes.begin());
    return change;
}

bool FakeOrders::nextSnapshot()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_snapshot, false);
}

} // namespace torchdesk
