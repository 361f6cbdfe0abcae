// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/events.h"

#include <functional>
#include <mutex>
#include <set>

namespace torchdesk {

/// Says once that a run cannot be written, however many of its files that concerns, and once that all of them
/// can be written again. Any thread.
class WriteTrouble
{
public:
    explicit WriteTrouble(std::function<void(const Notice&)> say) : m_say(std::move(say)) {}

    /// How the writing of \p part ("run.json") went.
    void note(const std::string& part, const Expected<void>& result);
    bool any() const;

private:
    mutable std::mutex m_mutex;
    std::set<std::string> m_failing;
    std::function<void(const Notice&)> m_say;
};

} // namespace torchdesk
