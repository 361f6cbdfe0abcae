// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/events.h"

#include <vector>

namespace torchdesk {

/// What waits for a session's client. Neighbouring steps of an epoch are joined, so a client that drains at 5
/// Hz gets few events. A client that stalls costs bounded memory:
/// * beyond the limit of steps, every other block of the oldest is left out until an eighth of the limit is
/// free; what
///   remains is exact, with gaps between its events;
/// * only the newest snapshot that waits keeps its tensors;
/// * of neighbouring states only the last one stays, and of notices and settings the newest thousand.
/// Not for two threads at once.
class ClientQueue
{
public:
    explicit ClientQueue(std::size_t stepLimit);

    /// True where nothing waited before.
    bool add(Event event);
    std::vector<Event> take();
    std::size_t steps() const { return m_steps; }

    static constexpr std::size_t block = 256;        ///< steps that are left out together
    static constexpr std::size_t remarkLimit = 1000; ///< notices and settings

private:
    void addSteps(StepsDone steps);
    void addRemark(Event event);
    void dropOlderTensors();
    void thin();

    std::size_t m_stepLimit;
    std::size_t m_steps = 0;
    std::size_t m_remarks = 0;
    std::vector<Event> m_events;
};

} // namespace torchdesk
