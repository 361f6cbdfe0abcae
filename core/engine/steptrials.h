// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/trainstep.h"

#include <limits>

namespace torchdesk {

class TrainingSetup;

/// What a step does and how fast.
struct StepTrial
{
    double seconds = 0; ///< of one
    double loss = 0;    ///< of the first batch
};

/// Tries steps of a training that has not begun, at a rate of 0, so that no weight moves. What else a step
/// changes is put back: running figures as they were, moments and the counter to zero.
class StepTrials
{
public:
    /// \p setup must outlive it.
    explicit StepTrials(TrainingSetup& setup);

    /// Steps on the first batch of the first epoch: the first one warms up and tells the loss, the fastest of
    /// the next ones the time; one where a step is long, up to ten where it is over at once. A long first
    /// step that took more than twice \p best seconds is the last one.
    StepTrial run(TrainStep& step, double best = std::numeric_limits<double>::infinity());
    /// The seconds of one more step of a kind that was run before.
    double again(TrainStep& step);
    /// Also what a step leaves that has thrown.
    void putBack();

private:
    StepTrial once(TrainStep& step, int number);

    TrainingSetup& m_setup;
    at::Tensor m_batch;                                       ///< its indices
    std::vector<std::pair<at::Tensor, at::Tensor>> m_running; ///< and as they were
};

} // namespace torchdesk
