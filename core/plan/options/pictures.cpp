// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options/builder.h"

namespace torchdesk {

namespace {

using P = TrainingPlan;

/// Whether a path names pictures is seen only when it is opened; a named set has its own parts.
bool isPath(const TrainingPlan& plan)
{
    return plan.data.find('/') != std::string::npos;
}

bool goesByName(const TrainingPlan& plan)
{
    return isPath(plan) && plan.pictures.keepTogether == "name";
}

std::vector<Option> appearance()
{
    std::vector<Option> made;
    made.push_back(brief(
        within(option(
                   [](auto& plan) -> auto& { return plan.pictures.size; }, OptionKind::Integer,
                   "picture_size", "Picture size",
                   "The side to which pictures are scaled; 0: those of a folder as the model was made for, "
                   "a set with a size of its own not at all."),
               0, 4096),
        "size {}"));
    made.back().unit = "pixels";
    made.push_back(
        brief(oneOf(option(
                        [](auto& plan) -> auto& { return plan.pictures.colour; }, OptionKind::Choice,
                        "picture_colour", "Colour",
                        "Whether pictures are taken as grey or in colour; automatic: in colour if one is."),
                    {{"auto", "Automatic"}, {"grey", "Grey"}, {"colour", "In colour"}}),
              "{}"));
    made.push_back(brief(
        oneOf(option(
                  [](auto& plan) -> auto& { return plan.pictures.fit; }, OptionKind::Choice, "picture_fit",
                  "Fit", "How a picture of another shape becomes a square: what it loses, or gains."),
              {{"crop", "Crop to the middle"}, {"squash", "Squash"}, {"fill", "Fill the rest with grey"}}),
        "{}"));
    return made;
}

std::vector<Option> shares()
{
    std::vector<Option> made;
    made.push_back(brief(
        within(option(
                   [](auto& plan) -> auto& { return plan.pictures.testShare; }, OptionKind::Real,
                   "test_share", "Test share",
                   "The share of the pictures kept for the test where the folder has no part called test."),
               0, 0.9),
        "test {}"));
    made.push_back(brief(within(option(
                                    [](auto& plan) -> auto& { return plan.pictures.leastPerClass; },
                                    OptionKind::Integer, "least_per_class", "Least per class",
                                    "Classes with fewer pictures to train are left out."),
                                1, 1'000'000),
                         "least per class {}"));
    made.push_back(brief(within(option(
                                    [](auto& plan) -> auto& { return plan.pictures.mostPerClass; },
                                    OptionKind::Integer, "most_per_class", "Most per class",
                                    "Of classes with more pictures to train, so many are drawn; 0: all."),
                                0, 1'000'000'000),
                         "most per class {}"));
    return made;
}

std::vector<Option> belonging()
{
    std::vector<Option> made;
    made.push_back(
        brief(oneOf(option(
                        [](auto& plan) -> auto& { return plan.pictures.keepTogether; }, OptionKind::Choice,
                        "keep_together", "Keep together",
                        "Pictures that belong together (one slide, one person) and so stay on one side of "
                        "the split."),
                    {{"nothing", "Nothing"},
                     {"folder", "What is in one sub-folder"},
                     {"name", "File names that begin alike"}}),
              "together by {}"));
    made.push_back(brief(where(option(
                                   [](auto& plan) -> auto& { return plan.pictures.keepTogetherMark; },
                                   OptionKind::Text, "keep_together_mark", "Up to the mark",
                                   "File names that are the same up to this text belong together."),
                               goesByName),
                         "up to '{}'"));
    made.push_back(brief(
        oneOf(option(
                  [](auto& plan) -> auto& { return plan.pictures.unreadable; }, OptionKind::Choice,
                  "unreadable", "Unreadable pictures",
                  "What to do about pictures that cannot be read: leave them out and list them, or stop."),
              {{"leave_out", "Leave out"}, {"stop", "Stop"}}),
        "unreadable: {}"));
    return made;
}

} // namespace

std::vector<Option> pictureOptions()
{
    std::vector<Option> made = appearance();
    for (auto part : {shares(), belonging()})
        made.insert(made.end(), part.begin(), part.end());
    for (Option& option : made) {
        if (option.id != "keep_together_mark" && option.id != "picture_size")
            option.applies = isPath;
    }
    return made;
}

} // namespace torchdesk
