// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/torchheaders.h"

#include <array>
#include <c10/core/Event.h>
#include <optional>
#include <vector>

namespace torchdesk {

/// The figures of one batch.
struct StepFigures
{
    float loss = 0;
    float correct = 0; ///< samples whose largest logit is the label's
};

/// Brings the figures of steps back from the device. On the processor at once; on a CUDA device in groups,
/// through pinned memory and an event, so that no step waits for the card. Belongs to the training's thread.
class FigureLog
{
public:
    explicit FigureLog(at::Device device);
    /// Both are 0-dim tensors on the device. Waits only where two groups are still on their way.
    void add(const at::Tensor& loss, const at::Tensor& correct);
    /// Of a step on the processor that has worked them out itself.
    void add(StepFigures figures) { m_arrived.push_back(figures); }
    /// What has arrived since the last call, in order of the steps. \p all waits for every step added.
    std::vector<StepFigures> take(bool all);

    static constexpr std::int64_t groupSize = 32;

private:
    struct Group
    {
        at::Tensor onDevice; ///< groupSize × 2
        at::Tensor pinned;
        std::int64_t count = 0;
        std::optional<c10::Event> event; ///< set while the copy is on its way
    };

    void send(Group& group);
    void receive(Group& group);

    at::Device m_device;
    std::array<Group, 2> m_groups;
    std::size_t m_filling = 0;
    std::vector<StepFigures> m_arrived;
};

} // namespace torchdesk
