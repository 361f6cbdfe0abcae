// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/learningrate.h"

#include <algorithm>

namespace torchdesk {

double LearningRate::at(std::int64_t step) const
{
    return m_scale * scheduledRate(m_plan, m_stepsPerEpoch, step);
}

void LearningRate::change(double rate, std::int64_t step)
{
    const double warm = warmUpShare(m_plan, m_stepsPerEpoch, std::max<std::int64_t>(1, step));
    const double scheduled = scheduledRate(m_plan, m_stepsPerEpoch, step) / warm;
    if (scheduled > 0)
        m_scale = rate / scheduled;
}

bool LearningRate::isGain(double figure, bool higherIsBetter) const
{
    constexpr double threshold = 1e-4;
    if (!m_bestFigure)
        return figure == figure; // not a number is no gain
    return higherIsBetter ? figure > *m_bestFigure * (1 + threshold)
                          : figure < *m_bestFigure * (1 - threshold);
}

std::optional<double> LearningRate::finishEpoch(double figure, bool higherIsBetter, std::int64_t nextStep)
{
    if (m_plan.schedule.kind != "plateau")
        return std::nullopt;
    if (isGain(figure, higherIsBetter)) {
        m_bestFigure = figure;
        m_epochsWithoutGain = 0;
        return std::nullopt;
    }
    if (++m_epochsWithoutGain <= m_plan.schedule.patience)
        return std::nullopt;
    m_epochsWithoutGain = 0;
    constexpr double least = 1e-8; // a smaller change is none
    const double base = m_scale * m_plan.learningRate;
    const double reduced = std::max(base * m_plan.schedule.factor, m_plan.schedule.least);
    if (base - reduced <= least)
        return std::nullopt;
    m_scale = reduced / m_plan.learningRate;
    return at(nextStep);
}

} // namespace torchdesk
