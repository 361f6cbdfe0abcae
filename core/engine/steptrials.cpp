// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/steptrials.h"

#include "core/base/clock.h"
#include "core/engine/trainingsetup.h"

#include <algorithm>

namespace torchdesk {

StepTrials::StepTrials(TrainingSetup& setup) : m_setup(setup)
{
    const at::Tensor order = setup.order(1);
    m_batch = order.slice(0, 0, std::min(setup.job.plan.batchSize, order.size(0)));
    for (const NetworkParameter& parameter : setup.network.parameters())
        if (!parameter.spec.trainable)
            m_running.emplace_back(parameter.value, parameter.value.clone());
}

StepTrial StepTrials::run(TrainStep& step, double best)
{
    constexpr int mostSteps = 10;
    constexpr double enoughSeconds = 0.03;
    constexpr double longStep = 0.2; // shorter ones may well have spent it on their first time
    Stopwatch watch;
    watch.start();
    StepTrial trial = once(step, 1);
    if (trial.seconds < std::max(longStep, 2 * best)) {
        trial.seconds = once(step, 2).seconds;
        for (int number = 3; number <= mostSteps && watch.seconds() < enoughSeconds; ++number)
            trial.seconds = std::min(trial.seconds, once(step, number).seconds);
    }
    putBack();
    return trial;
}

double StepTrials::again(TrainStep& step)
{
    const double seconds = once(step, 2).seconds;
    putBack();
    return seconds;
}

StepTrial StepTrials::once(TrainStep& step, int number)
{
    m_setup.batches.setRaw(!step.wantsInputs());
    Stopwatch watch;
    watch.start();
    step.run(m_setup.batches.gather(m_batch, 1, 0), number, 0);
    const std::vector<StepFigures> figures = m_setup.figures.take(true);
    return {watch.seconds(), static_cast<double>(figures.at(0).loss)};
}

void StepTrials::putBack()
{
    for (const auto& [value, before] : m_running)
        value.copy_(before);
    const Tensors trained = m_setup.network.parameterTensors();
    for (const at::Tensor& parameter : trained)
        parameter.mutable_grad().reset();
    for (std::size_t i = 0; i < trained.size(); ++i)
        for (const auto& [name, moment] : m_setup.optimizer->state(i))
            moment.zero_();
    m_setup.optimizer->setSteps(0);
    m_setup.figures.take(true);
}

} // namespace torchdesk
