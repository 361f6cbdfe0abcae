// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <stop_token>
#include <string>

namespace torchdesk {

/// Keeps what was opened last, under a key that says what it was made from. One caller opens at a time; the
/// others wait for its copy, or for their stop. Any thread.
template <class Value>
class LastOpened
{
public:
    /// \p open returns Expected<Value>, and what it throws becomes an error.
    template <class Open>
    Expected<Value> get(const std::string& key, std::stop_token stop, Open&& open)
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return !m_busy; }))
            return failure(ErrorKind::Cancelled, "Opening the data set was stopped.");
        if (m_value && m_key == key)
            return *m_value;
        m_busy = true;
        m_value.reset(); // a second one would only cost memory
        lock.unlock();
        Expected<Value> opened = guarded(open);
        lock.lock();
        m_busy = false;
        if (opened) {
            m_key = key;
            m_value = *opened;
        }
        m_changed.notify_all();
        return opened;
    }

    /// What is kept under \p key; nullopt where there is nothing, or it is just being opened.
    std::optional<Value> kept(const std::string& key)
    {
        const std::lock_guard lock(m_mutex);
        return m_value && m_key == key ? m_value : std::nullopt;
    }

private:
    /// Whatever happens, the others are let in again.
    template <class Open>
    static Expected<Value> guarded(Open&& open)
    {
        try {
            return open();
        } catch (const std::bad_alloc&) {
            return failure(ErrorKind::OutOfMemory,
                           "The data set does not fit into memory. Close other programs.");
        } catch (const std::exception& problem) {
            return failure(ErrorKind::Internal, "The data set could not be opened.", problem.what());
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_busy = false;
    std::string m_key;
    std::optional<Value> m_value;
};

} // namespace torchdesk
