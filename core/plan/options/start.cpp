// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options/builder.h"

namespace torchdesk {

namespace {

bool fromWeights(const TrainingPlan& plan)
{
    return !plan.start.weights.empty();
}

bool withFrozenPart(const TrainingPlan& plan)
{
    return fromWeights(plan) && plan.start.freeze != "none";
}

template <class T>
auto ofStart(T StartOptions::*member)
{
    return [member](auto& plan) -> auto&
    {
        return plan.start.*member;
    };
}

} // namespace

std::vector<Option> startOptions()
{
    using S = StartOptions;
    std::vector<Option> made;
    made.push_back(brief(
        flagged(
            option(ofStart(&S::weights), OptionKind::File, "weights", "Weights",
                   "A .safetensors, .pt or .pth file of published weights, or the folder of a run; empty: "
                   "from nothing."),
            "--weights"),
        "weights {}"));
    made.push_back(where(
        brief(oneOf(option(ofStart(&S::freeze), OptionKind::Choice, "freeze", "Freeze",
                           "What keeps its weights and running figures: only the rest is trained, which is "
                           "fast and suits few pictures."),
                    {{"none", "Nothing"}, {"body", "All but the head"}, {"layers", "Up to a layer"}}),
              "freeze {}"),
        fromWeights));
    made.push_back(
        where(brief(option(ofStart(&S::freezeLayer), OptionKind::Text, "freeze_layer", "Freeze up to",
                           "The last layer that is frozen, as the layer table names it, or the beginning of "
                           "its name: layer3."),
                    "up to {}"),
              [](const TrainingPlan& plan) { return fromWeights(plan) && plan.start.freeze == "layers"; }));
    made.push_back(
        where(brief(within(option(ofStart(&S::releaseEpoch), OptionKind::Integer, "release_epoch",
                                  "Release in epoch",
                                  "From this epoch on everything is trained; 0: what is frozen stays so."),
                           0, 100'000),
                    "release in epoch {}"),
              withFrozenPart));
    made.push_back(where(
        brief(within(option(ofStart(&S::releaseRate), OptionKind::Real, "release_rate", "Rate once released",
                            "The learning rate of what was frozen, as a share of that of the rest."),
                     0, 1),
              "released at {} of the rate"),
        [](const TrainingPlan& plan) { return withFrozenPart(plan) && plan.start.releaseEpoch > 0; }));
    made.back().leastExcluded = true;
    return made;
}

} // namespace torchdesk
