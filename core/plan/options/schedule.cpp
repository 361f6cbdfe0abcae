// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options/builder.h"

#include <algorithm>
#include <initializer_list>

namespace torchdesk {

namespace {

auto withSchedule(std::initializer_list<const char*> kinds)
{
    return [kinds = std::vector<std::string>(kinds.begin(), kinds.end())](const TrainingPlan& plan) {
        return std::find(kinds.begin(), kinds.end(), plan.schedule.kind) != kinds.end();
    };
}

constexpr const char* spanForm = "epochs (30) or a share of the run (60%)";

std::string wantedLength(const std::string& text)
{
    const auto span = toRunSpan(text);
    return span && span->value > 0 ? "" : std::string(spanForm) + ", above 0";
}

std::string wantedMoments(const std::string& text)
{
    return toRunSpans(text) ? "" : std::string(spanForm) + ", with commas between: 50%, 75%";
}

std::string wantedWarmUp(const std::string& text)
{
    return toRunSpan(text) ? "" : std::string(spanForm) + "; 0: none";
}

template <class T>
Option field(T Schedule::*member, OptionKind kind, std::string id, std::string label, std::string help)
{
    return option(
        [member](auto& plan) -> auto& { return plan.schedule.*member; }, kind, std::move(id),
        std::move(label), std::move(help));
}

Option kindOption()
{
    return brief(oneOf(field(&Schedule::kind, OptionKind::Choice, "schedule", "Schedule",
                             "How the learning rate goes over the run."),
                       {{"constant", "Constant"},
                        {"step", "Steps"},
                        {"multistep", "Steps at chosen moments"},
                        {"exponential", "Exponential"},
                        {"cosine", "Cosine"},
                        {"polynomial", "Polynomial"},
                        {"onecycle", "One cycle"},
                        {"plateau", "Reduce on plateau"}}),
                 "{}");
}

std::vector<Option> numberOptions()
{
    std::vector<Option> made;
    made.push_back(where(brief(within(field(&Schedule::factor, OptionKind::Real, "schedule_factor", "Factor",
                                            "What each drop multiplies the learning rate by."),
                                      0, 1),
                               "factor {}"),
                         withSchedule({"step", "multistep", "plateau"})));
    made.push_back(
        where(brief(within(field(&Schedule::decay, OptionKind::Real, "schedule_decay", "Factor of each epoch",
                                 "What each epoch multiplies the learning rate by."),
                           0, 1),
                    "decay {}"),
              withSchedule({"exponential"})));
    made.push_back(where(brief(within(field(&Schedule::power, OptionKind::Real, "schedule_power", "Power",
                                            "The curve's power: 1 falls in a straight line."),
                                      0, 10),
                               "power {}"),
                         withSchedule({"polynomial"})));
    made.push_back(where(brief(within(field(&Schedule::rise, OptionKind::Real, "schedule_rise", "Rise",
                                            "The share of the run in which the learning rate rises."),
                                      0, 1),
                               "rise {}"),
                         withSchedule({"onecycle"})));
    for (Option& each : made)
        each.leastExcluded = each.id != "schedule_power";
    made.push_back(where(brief(within(field(&Schedule::patience, OptionKind::Integer, "schedule_patience",
                                            "Patience", "Epochs without a gain before the rate drops."),
                                      0, 100'000),
                               "patience {}"),
                         withSchedule({"plateau"})));
    made.back().unit = "epochs";
    made.push_back(where(brief(within(field(&Schedule::least, OptionKind::Real, "least_learning_rate",
                                            "Least learning rate", "The rate goes no lower than this."),
                                      0, 100),
                               "least lr {}"),
                         withSchedule({"cosine", "plateau"})));
    return made;
}

} // namespace

std::vector<Option> scheduleOptions()
{
    std::vector<Option> made;
    made.push_back(kindOption());
    made.push_back(where(brief(checked(field(&Schedule::stepEvery, OptionKind::Text, "schedule_step", "Every",
                                             "After how many epochs, or which share of the run, the learning "
                                             "rate drops: 10 or 33%."),
                                       wantedLength),
                               "every {}"),
                         withSchedule({"step"})));
    made.push_back(where(brief(checked(field(&Schedule::milestones, OptionKind::Text, "milestones", "Moments",
                                             "After which epochs, or shares of the run, the learning rate "
                                             "drops: 30, 60 or 50%, 75%."),
                                       wantedMoments),
                               "at {}"),
                         withSchedule({"multistep"})));
    for (Option& each : numberOptions())
        made.push_back(std::move(each));
    made.push_back(
        where(brief(checked(field(&Schedule::warmUp, OptionKind::Text, "warm_up", "Warm-up",
                                  "How long the learning rate rises from next to nothing at the "
                                  "beginning, in epochs or a share of the run: 2 or 5%; 0: not at all."),
                            wantedWarmUp),
                    "warm-up {}"),
              [](const TrainingPlan& plan) { return plan.schedule.kind != "onecycle"; }));
    return made;
}

} // namespace torchdesk
