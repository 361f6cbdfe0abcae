// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options/builder.h"

namespace torchdesk {

namespace {

template <class T>
Option stepField(T Recipe::*member, OptionKind kind, std::string id, std::string label, std::string help)
{
    return option(
        [member](auto& plan) -> auto& { return plan.recipe.*member; }, kind, std::move(id), std::move(label),
        std::move(help));
}

auto withOptimizer(const char* name)
{
    return [name](const TrainingPlan& plan) { return plan.optimizer == name; };
}

void addStepOptions(std::vector<Option>& made)
{
    made.push_back(
        where(brief(onOff(stepField(&Recipe::nesterov, OptionKind::Switch, "nesterov", "Nesterov momentum",
                                    "Looks ahead along the momentum; without momentum it changes nothing.")),
                    "nesterov {}"),
              withOptimizer("sgd")));
    made.push_back(
        where(brief(within(stepField(&Recipe::smoothing, OptionKind::Real, "rmsprop_smoothing", "Smoothing",
                                     "How long RMSprop remembers the size of past gradients."),
                           0, 0.999999),
                    "smoothing {}"),
              withOptimizer("rmsprop")));
    made.push_back(
        where(brief(oneOf(stepField(&Recipe::decayOn, OptionKind::Choice, "weight_decay_on", "Decays",
                                    "What weight decay pulls towards zero."),
                          {{"all", "All parameters"}, {"weights", "Neither biases nor normalisation"}}),
                    "decay on {}"),
              [](const TrainingPlan& plan) { return plan.weightDecay > 0; }));
    made.push_back(
        brief(within(stepField(&Recipe::clipNorm, OptionKind::Real, "clip_norm", "Gradient clipping",
                               "The largest norm that the gradients of a step may have together; 0: "
                               "they stay as they are."),
                     0, 1e6),
              "clip {}"));
    made.push_back(brief(
        within(stepField(&Recipe::accumulation, OptionKind::Integer, "accumulation", "Gradient accumulation",
                         "How many batches make one change of the weights together: as a "
                         "larger batch, in the memory of a small one."),
               1, 65'536),
        "accumulate {}"));
    made.back().unit = "batches";
}

void addEpochOptions(std::vector<Option>& made)
{
    made.push_back(
        brief(oneOf(stepField(&Recipe::bestBy, OptionKind::Choice, "best_by", "Best epoch by",
                              "Which figure of the validation tells the best epoch. Mean F1 counts "
                              "every class alike, however many samples it has."),
                    {{"accuracy", "Accuracy"},
                     {"loss", "Loss"},
                     {"f1", "Mean F1 of the classes"},
                     {"top5", "Top-5 accuracy"}}),
              "best by {}"));
    made.push_back(brief(
        within(stepField(&Recipe::earlyStopping, OptionKind::Integer, "early_stopping", "Early stopping",
                         "Ends the run after so many epochs without a better one; 0: never."),
               0, 100'000),
        "early stopping {}"));
    made.back().unit = "epochs";
}

void addPrecisionOptions(std::vector<Option>& made)
{
    made.push_back(brief(
        oneOf(stepField(
                  &Recipe::precision, OptionKind::Choice, "precision", "Precision",
                  "In which numbers the steps may compute: tf32 for products on NVIDIA cards (convolutions "
                  "there always may, as in PyTorch), bf16 where the processor or the card has "
                  "it (with step Fastest only if it is faster); weights and measured figures stay fp32."),
              {{"fp32", "fp32"}, {"tf32", "TF32"}, {"bf16", "bf16"}}),
        "{}"));
    made.push_back(
        brief(onOff(stepField(&Recipe::channelsLast, OptionKind::Switch, "channels_last", "Channels last",
                              "Keeps the channels of a picture side by side in memory, which can make "
                              "convolutions faster.")),
              "channels last {}"));
    made.push_back(brief(
        oneOf(stepField(
                  &Recipe::step, OptionKind::Choice, "step", "Step",
                  "What does the steps on a processor: LibTorch, which computes every network, or "
                  "TorchDesk's own vectors, one lane a sample, which are faster for small ones. Both give "
                  "the same losses but for rounding; fastest tries them, and the layouts and precisions that "
                  "are allowed, before the first step."),
              {{"auto", "Fastest"}, {"eager", "LibTorch"}, {"lane", "Lanes"}}),
        "{} step"));
}

} // namespace

std::vector<Option> updateOptions()
{
    std::vector<Option> made;
    addStepOptions(made);
    addEpochOptions(made);
    addPrecisionOptions(made);
    return made;
}

} // namespace torchdesk
