// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stepreport.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace torchdesk {

void StepReport::beginEpoch(std::int64_t epoch, std::int64_t firstStep)
{
    flush();
    m_steps = {};
    m_steps.epoch = epoch;
    m_steps.firstStep = firstStep;
    m_since = std::chrono::steady_clock::now();
    m_lastStep = firstStep - 1;
    m_lossSum = m_correct = m_seconds = 0;
    m_samples = 0;
}

std::optional<std::int64_t> StepReport::add(const std::vector<StepFigures>& figures, std::int64_t batchSize,
                                            std::int64_t trainSamples, double secondsEach,
                                            const std::function<double(std::int64_t)>& learningRateOf)
{
    for (const StepFigures& step : figures) {
        const double learningRate = learningRateOf(m_lastStep + 1);
        if (m_steps.learningRate != learningRate)
            flush();
        m_steps.learningRate = learningRate;
        count(step, std::min(batchSize, trainSamples - m_samples), secondsEach);
        if (!std::isfinite(step.loss)) {
            flush();
            return m_lastStep;
        }
    }
    if (std::chrono::steady_clock::now() - m_since >= interval)
        flush();
    return std::nullopt;
}

void StepReport::count(const StepFigures& figures, std::int64_t samples, double seconds)
{
    const auto size = static_cast<double>(samples);
    ++m_lastStep;
    m_lastLoss = figures.loss;
    m_samples += samples;
    m_lossSum += static_cast<double>(figures.loss) * size;
    m_correct += static_cast<double>(figures.correct);
    m_seconds += seconds;
    m_steps.samples += samples;
    m_steps.losses.push_back(figures.loss);
    m_steps.accuracies.push_back(figures.correct / static_cast<float>(samples));
    m_steps.seconds.push_back(static_cast<float>(seconds));
}

void StepReport::flush()
{
    m_since = std::chrono::steady_clock::now();
    if (m_steps.losses.empty())
        return;
    StepsDone next;
    next.epoch = m_steps.epoch;
    next.firstStep = m_steps.lastStep() + 1;
    next.learningRate = m_steps.learningRate;
    m_sink.put(std::exchange(m_steps, std::move(next)));
}

double StepReport::meanLoss() const
{
    return m_samples > 0 ? m_lossSum / static_cast<double>(m_samples) : 0;
}

double StepReport::accuracy() const
{
    return m_samples > 0 ? m_correct / static_cast<double>(m_samples) : 0;
}

} // namespace torchdesk
