// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <mutex>

namespace torchdesk {

/// What other threads call: it outlives the bridge where a session or a task does, and then does nothing.
struct Bridge::WakeTarget
{
    std::mutex mutex;
    Bridge* bridge = nullptr;

    /// Runs \p call in the bridge's thread, soon.
    template <class Call>
    void tell(Call call)
    {
        const std::lock_guard lock(mutex);
        if (bridge)
            bridge->m_calls.post([target = bridge, call] { call(*target); });
    }
    void wake()
    {
        tell([](Bridge& bridge_) { bridge_.wake(); });
    }
};

} // namespace torchdesk
