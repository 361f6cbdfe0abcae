// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stepchoice.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/engine/eagerstep.h"
#include "core/engine/trainingsetup.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

/// What a step changes beside the weights, of a training that has not begun: running figures are put back,
/// moments and the counter are zero again.
class FreshState
{
public:
    explicit FreshState(TrainingSetup& setup) : m_setup(setup)
    {
        for (const NetworkParameter& parameter : setup.network.parameters())
            if (!parameter.spec.trainable)
                m_running.emplace_back(parameter.value, parameter.value.clone());
    }

    void putBack()
    {
        for (const auto& [value, before] : m_running)
            value.copy_(before);
        const std::size_t trained = m_setup.network.parameterTensors().size();
        for (std::size_t i = 0; i < trained; ++i)
            for (const auto& [name, moment] : m_setup.optimizer->state(i))
                moment.zero_();
        m_setup.optimizer->setSteps(0);
        m_setup.figures.take(true);
    }

private:
    TrainingSetup& m_setup;
    std::vector<std::pair<at::Tensor, at::Tensor>> m_running;
};

struct Trial
{
    double seconds = 0;
    double loss = 0;
};

/// Steps on the first batch, at a rate of 0, so that no weight moves: the first warms up and tells the loss,
/// the fastest of the next ones the time; one where a step is long, up to ten where it is over at once.
Trial tryStep(TrainingSetup& setup, TrainStep& step, FreshState& state)
{
    const at::Tensor order = setup.order(1);
    const at::Tensor some = order.slice(0, 0, std::min(setup.job.plan.batchSize, order.size(0)));
    setup.batches.setRaw(!step.wantsInputs());
    constexpr int mostTries = 10;
    constexpr double triesSeconds = 0.03;
    Stopwatch watch;
    watch.start();
    const auto run = [&](int number) {
        const double before = watch.seconds();
        step.run(setup.batches.gather(some, 1, 0), number, 0);
        const std::vector<StepFigures> figures = setup.figures.take(true);
        return Trial{watch.seconds() - before, static_cast<double>(figures.at(0).loss)};
    };
    Trial trial = run(1);
    trial.seconds = run(2).seconds;
    for (int number = 3; number <= mostTries && watch.seconds() < triesSeconds; ++number)
        trial.seconds = std::min(trial.seconds, run(number).seconds);
    state.putBack();
    return trial;
}

bool agree(double loss, double reference)
{
    if (!std::isfinite(reference))
        return !std::isfinite(loss);
    return std::abs(loss - reference) <= 1e-3 * std::max(1.0, std::abs(reference));
}

/// By how much LibTorch must be faster than lanes to be taken: less is not worth that another run of the same
/// plan may choose otherwise, and so differ in its last bits.
constexpr double worthIt = 1.1;

std::unique_ptr<EagerStep> eagerStep(TrainingSetup& setup, const at::Tensor& classWeights)
{
    return std::make_unique<EagerStep>(setup.network, *setup.optimizer, setup.figures, setup.job.plan,
                                       classWeights);
}

std::string timed(const std::string& name, const Trial& trial)
{
    return name + " " + fixed(trial.seconds * 1e3, 2) + " ms";
}

StepChoice fasterOf(TrainingSetup& setup, std::unique_ptr<EagerStep> eager, std::unique_ptr<LaneStep> lanes)
{
    FreshState state(setup);
    const Trial reference = tryStep(setup, *eager, state);
    const Trial trial = tryStep(setup, *lanes, state);
    const std::string tried = timed("LibTorch", reference) + ", " + timed(lanes->name(), trial);
    if (!agree(trial.loss, reference.loss))
        return {std::move(eager), "Steps: LibTorch, as the loss of " + lanes->name() + " is another: " +
                                      toText(trial.loss) + " instead of " + toText(reference.loss) + "."};
    if (trial.seconds > reference.seconds * worthIt)
        return {std::move(eager), "Steps: LibTorch is the fastest here. A step of each: " + tried + "."};
    const std::string why =
        "Steps: " + lanes->name() + " is the fastest here. A step of each: " + tried + ".";
    return {std::move(lanes), why};
}

} // namespace

Expected<StepChoice> chooseStep(TrainingSetup& setup, const at::Tensor& classWeights)
{
    const TrainingPlan& plan = setup.job.plan;
    const std::string& wanted = plan.recipe.step;
    const bool begun = setup.optimizer->steps() > 0; // what was frozen is released
    auto eager = eagerStep(setup, classWeights);
    if (wanted == "eager" || (wanted == "auto" && (begun || !setup.device.is_cpu())))
        return StepChoice{std::move(eager), ""};
    auto lanes = LaneStep::make(setup.job, setup.network, *setup.optimizer, setup.figures, classWeights,
                                threadCount(plan));
    if (wanted == "lane") {
        if (!lanes)
            return failure(lanes);
        return StepChoice{std::move(*lanes), ""};
    }
    if (!lanes)
        return StepChoice{std::move(eager), ""};
    return fasterOf(setup, std::move(eager), std::move(*lanes));
}

} // namespace torchdesk
