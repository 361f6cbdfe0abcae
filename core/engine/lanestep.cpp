// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/lanestep.h"

#include <algorithm>

namespace torchdesk {

namespace {

/// Why a plan, rather than its model, is none for lanes; "" where it is one.
std::string whyNotPlan(const TrainingJob& job, const Network& network)
{
    const TrainingPlan& plan = job.plan;
    if (!network.device().is_cpu())
        return "it is for the processor only";
    if (plan.optimizer == "rmsprop")
        return "it does not know RMSprop";
    return plan.start.releaseEpoch > 0 ? "it trains all layers at one learning rate" : "";
}

float* valuesOf(const at::Tensor& tensor)
{
    return tensor.mutable_data_ptr<float>();
}

std::vector<lane::ModelParameter> modelParameters(const TrainingJob& job, const Network& network,
                                                  const Optimizer& optimizer)
{
    const auto trained = trainedParameters(job.plan, network.parameterTensors());
    std::vector<lane::ModelParameter> parameters;
    std::size_t next = 0;
    for (const NetworkParameter& each : network.parameters()) {
        lane::ModelParameter parameter;
        parameter.value = valuesOf(each.value);
        parameter.count = each.value.numel();
        parameter.trained = each.trained();
        if (parameter.trained) {
            const auto state = optimizer.state(next);
            parameter.moment = state.empty() ? nullptr : valuesOf(state[0].second);
            parameter.secondMoment = state.size() < 2 ? nullptr : valuesOf(state[1].second);
            parameter.weightDecay = trained[next++].weightDecay;
        }
        parameters.push_back(parameter);
    }
    return parameters;
}

lane::ProgramSettings settingsOf(const TrainingJob& job, const at::Tensor& classWeights, int threads,
                                 int lanes)
{
    const TrainingPlan& plan = job.plan;
    lane::ProgramSettings settings;
    settings.graph.batch =
        std::min<std::int64_t>(plan.batchSize, static_cast<std::int64_t>(job.split.train.size()));
    // More threads than groups of samples would have nothing to do but wait.
    const std::int64_t groups = std::max<std::int64_t>(1, lane::groupsOf(settings.graph.batch, lanes));
    settings.graph.threads = static_cast<int>(std::min<std::int64_t>(threads, groups));
    settings.graph.frozenNodes = job.start ? job.start->frozenNodes : 0;
    settings.seed = plan.seed;
    settings.labelSmoothing = plan.augmentation.labelSmoothing;
    if (classWeights.defined()) {
        const float* values = classWeights.const_data_ptr<float>();
        settings.classWeights.assign(values, values + classWeights.numel());
    }
    settings.rule = plan.optimizer == "adam"    ? lane::Rule::Adam
                    : plan.optimizer == "adamw" ? lane::Rule::AdamW
                                                : lane::Rule::Sgd;
    settings.momentum = plan.momentum;
    settings.nesterov = plan.recipe.nesterov && plan.momentum > 0;
    settings.clipNorm = plan.recipe.clipNorm;
    return settings;
}

} // namespace

Expected<std::unique_ptr<LaneStep>> LaneStep::make(const TrainingJob& job, Network& network,
                                                   Optimizer& optimizer, FigureLog& figures,
                                                   const at::Tensor& classWeights, int threads,
                                                   const lane::Kernels& kernels)
{
    if (const std::string reason = whyNotPlan(job, network); !reason.empty())
        return failure(ErrorKind::Unsupported,
                       "The step by lanes cannot do this plan: " + reason + ". Set step to auto or eager");
    const lane::ProgramSettings settings = settingsOf(job, classWeights, threads, kernels.lanes);
    auto program =
        lane::Program::make(job.model, modelParameters(job, network, optimizer), settings, kernels);
    if (!program)
        return failure(program);
    return std::unique_ptr<LaneStep>(new LaneStep(std::move(*program), optimizer, figures));
}

std::string LaneStep::name() const
{
    return std::string("lane (") + m_program->kernels().name + ")";
}

void LaneStep::run(const Batch& batch, std::int64_t step, double learningRate, bool update)
{
    const std::int64_t steps = m_optimizer.steps() + 1;
    const lane::StepResult result =
        m_program->train(laneBatch(batch), static_cast<std::uint64_t>(step), steps, learningRate, update);
    if (update && !result.held)
        m_optimizer.setSteps(steps);
    m_figures.add({static_cast<float>(result.loss), static_cast<float>(result.correct)});
}

at::Tensor LaneStep::logits(const Batch& batch)
{
    return laneLogits(*m_program, batch);
}

} // namespace torchdesk
