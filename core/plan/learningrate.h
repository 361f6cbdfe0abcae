// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/trainingplan.h"

#include <optional>

namespace torchdesk {

/// The learning rate of a run that is going on: its schedule (core/plan/schedule.h), what a person changed,
/// and what a plateau took away. A value; one thread at a time.
class LearningRate
{
public:
    LearningRate(const TrainingPlan& plan, std::int64_t stepsPerEpoch)
        : m_plan(plan), m_stepsPerEpoch(stepsPerEpoch)
    {}

    /// Of a step that has not been done yet, or was done since the last change; steps count from 1.
    double at(std::int64_t step) const;
    /// The rate is \p rate at \p step, and the rest of the schedule keeps its shape: all that follows is
    /// scaled alike. During a warm-up \p rate is what the warm-up leads to.
    void change(double rate, std::int64_t step);
    /// After each epoch, with the measured figure; does something with a plateau only, as
    /// torch.optim.lr_scheduler.ReduceLROnPlateau does it (a relative threshold of 1e-4, no cool-down). The
    /// new rate where it drops.
    std::optional<double> finishEpoch(double figure, bool higherIsBetter, std::int64_t nextStep);

private:
    bool isGain(double figure, bool higherIsBetter) const;

    TrainingPlan m_plan;
    std::int64_t m_stepsPerEpoch;
    double m_scale = 1;
    std::optional<double> m_bestFigure;
    std::int64_t m_epochsWithoutGain = 0;
};

} // namespace torchdesk
