// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options/builder.h"

namespace torchdesk {

std::vector<Option> dataOptions()
{
    using P = TrainingPlan;
    std::vector<Option> made;
    made.push_back(
        basic(brief(flagged(option(&P::model, OptionKind::Model, "model", "Model",
                                   "The network to train: a name of the list, or a path to a model file."),
                            "--model"),
                    "{}")));
    made.push_back(
        basic(brief(flagged(option(&P::data, OptionKind::Data, "data", "Data",
                                   "What to train on: a name of the list, or a path to a folder or archive."),
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
        oneOf(
            option(
                &P::split, OptionKind::Choice, "split", "Split",
                "Which samples validate: the last ones, as Keras does it, or random ones (pictures always)."),
            {{"end", "The last samples"}, {"random", "At random"}}),
        "split {}"));
    made.push_back(
        brief(within(option(&P::trainShare, OptionKind::Real, "train_share", "Training share",
                            "How much of the training samples is used; less than 1 are drawn by the seed."),
                     0, 1),
              "training share {}"));
    made.back().leastExcluded = true;
    made.push_back(
        brief(oneOf(option(&P::normalise, OptionKind::Choice, "normalise", "Normalise",
                           "What is taken off the values of a picture before the network sees them: nothing "
                           "(0 to 1), or mean and deviation."),
                    {{"none", "0 to 1"},
                     {"measured", "Mean and deviation of the training pictures"},
                     {"imagenet", "Mean and deviation of ImageNet"}}),
              "normalise {}"));
    made.push_back(brief(
        oneOf(option(
                  [](auto& plan) -> auto& { return plan.recipe.classBalance; }, OptionKind::Choice,
                  "class_balance", "Class balance",
                  "For classes of unequal size. Weights: a sample of class c counts n / (K · n_c) in the "
                  "training loss (n samples in K classes, n_c of them in c). Sampling: an epoch of as many "
                  "steps draws every class equally often, with replacement, by the seed."),
              {{"none", "None"}, {"weights", "Weights in the loss"}, {"sampling", "Balanced sampling"}}),
        "class balance {}"));
    return made;
}

} // namespace torchdesk
