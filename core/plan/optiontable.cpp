// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options.h"

namespace torchdesk {

namespace {

bool always(const TrainingPlan&)
{
    return true;
}

bool withSgd(const TrainingPlan& plan)
{
    return plan.optimizer == "sgd";
}

/// An option that reads and writes one field of the plan.
template <class T>
Option option(T TrainingPlan::*field, OptionKind kind, std::string id, std::string label, std::string help)
{
    Option made;
    made.id = std::move(id);
    made.label = std::move(label);
    made.help = std::move(help);
    made.kind = kind;
    made.applies = always;
    made.get = [field](const TrainingPlan& plan) { return Json(plan.*field); };
    made.put = [field](TrainingPlan& plan, const Json& value) { plan.*field = value.get<T>(); };
    return made;
}

Option within(Option made, double least, double most)
{
    made.least = least;
    made.most = most;
    return made;
}

Option oneOf(Option made, std::vector<OptionChoice> choices)
{
    made.choices = std::move(choices);
    return made;
}

Option brief(Option made, std::string text)
{
    made.brief = std::move(text);
    return made;
}

Option flagged(Option made, std::string flag)
{
    made.flag = std::move(flag);
    return made;
}

Option basic(Option made)
{
    made.basic = true;
    return made;
}

std::vector<Option> modelAndData()
{
    using P = TrainingPlan;
    std::vector<Option> made;
    made.push_back(
        basic(brief(flagged(option(&P::model, OptionKind::Model, "model", "Model",
                                   "The network to train: a name of the list, or a path to a model file."),
                            "--model"),
                    "{}")));
    made.push_back(basic(brief(flagged(option(&P::data, OptionKind::Data, "data", "Data",
                                              "What to train on: a name of the list, or a path to a folder."),
                                       "--data"),
                               "{}")));
    made.push_back(
        brief(flagged(option(&P::dataFolder, OptionKind::Folder, "data_folder", "Data folder",
                             "A folder that is searched for data sets before the usual ones; empty: none."),
                      "--data-dir"),
              "data folder {}"));
    made.push_back(
        brief(within(option(&P::validationShare, OptionKind::Real, "validation_share", "Validation share",
                            "The share of the training samples that is kept aside to validate each epoch."),
                     0, 0.9),
              "validation {}"));
    made.push_back(brief(
        oneOf(option(&P::split, OptionKind::Choice, "split", "Split",
                     "Which samples validate: the last ones, as Keras does it, or ones drawn at random."),
              {{"end", "The last samples"}, {"random", "At random"}}),
        "split {}"));
    return made;
}

std::vector<Option> recipe()
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
    made.push_back(brief(oneOf(option(&P::optimizer, OptionKind::Choice, "optimizer", "Optimizer",
                                      "The rule that turns gradients into changes of the weights."),
                               {{"adam", "Adam"}, {"sgd", "SGD"}}),
                         "{}"));
    made.push_back(
        brief(within(option(&P::learningRate, OptionKind::Real, "learning_rate", "Learning rate",
                            "How far one step moves the weights; may be changed while a run is going."),
                     0, 100),
              "lr {}"));
    made.back().leastExcluded = true;
    made.back().live = true;
    made.push_back(brief(within(option(&P::momentum, OptionKind::Real, "momentum", "Momentum",
                                       "The share of the last step that the next one keeps (SGD only)."),
                                0, 0.9999),
                         "momentum {}"));
    made.back().applies = withSgd;
    made.push_back(
        brief(within(option(&P::weightDecay, OptionKind::Real, "weight_decay", "Weight decay",
                            "How strongly each step pulls the weights towards zero; 0: not at all."),
                     0, 10),
              "weight decay {}"));
    return made;
}

std::vector<Option> machine()
{
    using P = TrainingPlan;
    std::vector<Option> made;
    made.push_back(basic(
        brief(flagged(option(&P::device, OptionKind::Device, "device", "Device",
                             "Where to compute: auto (the best that is free), cpu, or cuda:0 and so on."),
                      "--device"),
              "{}")));
    made.push_back(
        brief(within(flagged(option(&P::threads, OptionKind::Integer, "threads", "Threads",
                                    "Threads that compute on the processor; 0: one for each available core."),
                             "--threads"),
                     0, 1024),
              "threads {}"));
    // The largest seed is 2^64 - 1, which as a double is 2^64: the check compares whole numbers as they are.
    made.push_back(
        brief(within(flagged(option(&P::seed, OptionKind::Integer, "seed", "Seed",
                                    "Where all random numbers begin: the same seed repeats the same run."),
                             "--seed"),
                     0, 18446744073709551615.0),
              "seed {}"));
    return made;
}

} // namespace

std::span<const Option> optionTable()
{
    static const std::vector<Option> table = [] {
        std::vector<Option> all = modelAndData();
        for (const auto& part : {recipe(), machine()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return table;
}

const Option* findOption(std::string_view id)
{
    for (const Option& option : optionTable()) {
        if (option.id == id)
            return &option;
    }
    return nullptr;
}

} // namespace torchdesk
