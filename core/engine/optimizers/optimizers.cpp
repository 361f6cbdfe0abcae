// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/engine/optimizers/optimizer.h"

#include <algorithm>

namespace torchdesk {

namespace {

struct Maker
{
    const char* name;
    std::unique_ptr<Optimizer> (*make)(const TrainingPlan& plan, const Parameters& parameters);
};

constexpr Maker makers[] = {
    {"adam", makeAdam}, {"adamw", makeAdamW}, {"sgd", makeSgd}, {"rmsprop", makeRmsprop}};

} // namespace

Expected<std::unique_ptr<Optimizer>> makeOptimizer(const TrainingPlan& plan, const Parameters& parameters)
{
    std::vector<std::string> names;
    for (const Maker& maker : makers) {
        if (plan.optimizer == maker.name)
            return maker.make(plan, parameters);
        names.emplace_back(maker.name);
    }
    return failure(ErrorKind::InvalidInput, "optimizer: found '" + shortened(plan.optimizer, 60) +
                                                "', wanted one of: " + joined(names, ", "));
}

std::vector<TrainedParameter> trainedParameters(const TrainingPlan& plan, const Tensors& parameters)
{
    const bool weightsOnly = plan.recipe.decayOn == "weights";
    std::vector<TrainedParameter> trained;
    for (const at::Tensor& parameter : parameters)
        trained.push_back({parameter, weightsOnly && parameter.dim() <= 1 ? 0.0 : plan.weightDecay});
    return trained;
}

Tensors ParameterGroup::pick(const Tensors& all) const
{
    Tensors picked;
    for (const std::size_t member : members)
        picked.push_back(all[member]);
    return picked;
}

std::vector<ParameterGroup> groupsOf(const std::vector<TrainedParameter>& parameters)
{
    std::vector<ParameterGroup> groups;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const TrainedParameter& one = parameters[i];
        auto group = std::ranges::find_if(groups, [&](const ParameterGroup& each) {
            return each.weightDecay == one.weightDecay && each.rateFactor == one.rateFactor;
        });
        if (group == groups.end())
            group = groups.insert(groups.end(), ParameterGroup{{}, {}, one.weightDecay, one.rateFactor});
        group->members.push_back(i);
        group->values.push_back(one.value);
    }
    return groups;
}

Tensors zerosLike(const Parameters& parameters)
{
    Tensors zeros;
    for (const TrainedParameter& parameter : parameters)
        zeros.push_back(at::zeros_like(parameter.value.detach()));
    return zeros;
}

at::Tensor stepCounter(const Parameters& parameters)
{
    const auto device = parameters.empty() ? at::Device(at::kCPU) : parameters.front().value.device();
    return at::zeros({}, at::TensorOptions(at::kFloat).device(device));
}

} // namespace torchdesk
