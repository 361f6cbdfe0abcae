// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options/builder.h"

namespace torchdesk {

namespace {

bool hasMomentum(const TrainingPlan& plan)
{
    return plan.optimizer == "sgd" || plan.optimizer == "rmsprop";
}

} // namespace

std::vector<Option> recipeOptions()
{
    using P = TrainingPlan;
    std::vector<Option> made;
    made.push_back(basic(brief(within(flagged(option(&P::epochs, OptionKind::Integer, "epochs", "Epochs",
                                                     "How often the network sees every training sample."),
                                              "--epochs"),
                                      1, 100'000),
                               "epochs {}")));
    made.push_back(brief(within(option(&P::batchSize, OptionKind::Integer, "batch_size", "Batch size",
                                       "How many samples go into one step."),
                                1, 65'536),
                         "batch {}"));
    made.back().unit = "samples";
    made.push_back(
        brief(oneOf(option(&P::optimizer, OptionKind::Choice, "optimizer", "Optimizer",
                           "The rule that turns gradients into changes of the weights."),
                    {{"adam", "Adam"}, {"adamw", "AdamW"}, {"sgd", "SGD"}, {"rmsprop", "RMSprop"}}),
              "{}"));
    made.push_back(
        brief(within(option(&P::learningRate, OptionKind::Real, "learning_rate", "Learning rate",
                            "How far one step moves the weights; may be changed while a run is going."),
                     0, 100),
              "lr {}"));
    made.back().leastExcluded = true;
    made.back().live = true;
    made.push_back(
        brief(within(option(&P::momentum, OptionKind::Real, "momentum", "Momentum",
                            "The share of the last step that the next one keeps (SGD and RMSprop only)."),
                     0, 0.9999),
              "momentum {}"));
    made.back().applies = hasMomentum;
    made.push_back(
        brief(within(option(&P::weightDecay, OptionKind::Real, "weight_decay", "Weight decay",
                            "How strongly each step pulls the weights towards zero; 0: not at all."),
                     0, 10),
              "weight decay {}"));
    return made;
}

} // namespace torchdesk
