// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/worker.h"

#include <algorithm>

namespace torchdesk {

Worker::Worker() : m_thread([this] { loop(); }) {}

Worker::~Worker()
{
    {
        const std::lock_guard lock(m_mutex);
        m_quit = true;
        m_waiting.clear();
        for (auto& [key, stop] : m_newest)
            stop.request_stop();
    }
    m_changed.notify_all();
    m_thread.join();
}

void Worker::cancel(const std::string& key)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_newest.find(key); found != m_newest.end())
        found->second.request_stop();
    std::erase_if(m_waiting, [&](const Entry& entry) { return entry.key == key; });
}

void Worker::post(Entry entry)
{
    cancel(entry.key);
    {
        const std::lock_guard lock(m_mutex);
        m_newest[entry.key] = entry.stop;
        m_waiting.push_back(std::move(entry));
    }
    m_changed.notify_all();
}

void Worker::loop()
{
    for (;;) {
        Entry entry;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_quit || !m_waiting.empty(); });
            if (m_quit)
                return;
            entry = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        entry.task(entry.stop.get_token());
    }
}

} // namespace torchdesk
