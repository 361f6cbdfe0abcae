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
    constexpr int mostSteps = 10;
    constexpr double enoughSeconds = 0.03;
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
    for (int number = 3; number <= mostSteps && watch.seconds() < enoughSeconds; ++number)
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

/// A step that is hardly faster is not worth that another run of the same plan may choose otherwise.
constexpr double worthIt = 0.9;

bool hasConvolution(const LoweredModel& model)
{
    return std::ranges::any_of(model.nodes, [](const LoweredNode& node) { return node.kind == "conv2d"; });
}

class Choosing
{
public:
    Choosing(TrainingSetup& setup, const at::Tensor& classWeights)
        : m_setup(setup), m_classWeights(classWeights), m_state(setup)
    {}

    StepChoice choose(std::unique_ptr<LaneStep> lanes)
    {
        auto eager = eagerStep();
        const Trial reference = tryStep(m_setup, *eager, m_state);
        m_best = reference.seconds;
        std::string best = eagerName();
        m_tried = timed(best, reference);
        if (!m_setup.job.plan.recipe.channelsLast && hasConvolution(m_setup.job.model)) {
            m_setup.network.setChannelsLast(true);
            if (isBetter("LibTorch with channels last", tryStep(m_setup, *eager, m_state), reference.loss))
                best = "LibTorch with channels last";
            else
                m_setup.network.setChannelsLast(false);
        }
        std::unique_ptr<TrainStep> chosen = std::move(eager);
        if (lanes && isBetter(lanes->name(), tryStep(m_setup, *lanes, m_state), reference.loss)) {
            best = lanes->name();
            chosen = std::move(lanes);
        }
        return {std::move(chosen),
                "Steps: " + best + " is the fastest here. A step of each: " + m_tried + "."};
    }

    std::unique_ptr<EagerStep> eagerStep()
    {
        return std::make_unique<EagerStep>(m_setup.network, *m_setup.optimizer, m_setup.figures,
                                           m_setup.job.plan, m_classWeights);
    }

private:
    static std::string timed(const std::string& name, const Trial& trial)
    {
        return name + " " + fixed(trial.seconds * 1e3, 2) + " ms";
    }

    std::string eagerName() const
    {
        return m_setup.job.plan.recipe.channelsLast ? "LibTorch with channels last" : "LibTorch";
    }

    bool isBetter(const std::string& name, const Trial& trial, double reference)
    {
        m_tried += ", " + timed(name, trial);
        if (!agree(trial.loss, reference)) {
            m_tried +=
                " (not taken: its loss is " + toText(trial.loss) + ", LibTorch's " + toText(reference) + ")";
            return false;
        }
        if (trial.seconds > m_best * worthIt)
            return false;
        m_best = trial.seconds;
        return true;
    }

    TrainingSetup& m_setup;
    at::Tensor m_classWeights;
    FreshState m_state;
    double m_best = 0;
    std::string m_tried;
};

} // namespace

Expected<StepChoice> chooseStep(TrainingSetup& setup, const at::Tensor& classWeights)
{
    const TrainingPlan& plan = setup.job.plan;
    const std::string& wanted = plan.recipe.step;
    const bool begun = setup.optimizer->steps() > 0; // what was frozen is released
    if (wanted == "eager" || (wanted == "auto" && (begun || !setup.device.is_cpu())))
        return StepChoice{Choosing(setup, classWeights).eagerStep(), ""};
    auto lanes = LaneStep::make(setup.job, setup.network, *setup.optimizer, setup.figures, classWeights,
                                threadCount(plan));
    if (wanted == "lane") {
        if (!lanes)
            return failure(lanes);
        return StepChoice{std::move(*lanes), ""};
    }
    return Choosing(setup, classWeights).choose(lanes ? std::move(*lanes) : nullptr);
}

} // namespace torchdesk
