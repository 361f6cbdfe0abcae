// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/options.h"

#include <utility>

/// How the rows of the option table are written down: each part of the table is a file beside this one.
namespace torchdesk {

/// The parts of the table, in the order of the form.
std::vector<Option> dataOptions();
std::vector<Option> pictureOptions();
std::vector<Option> startOptions();
std::vector<Option> recipeOptions();
std::vector<Option> scheduleOptions();
std::vector<Option> updateOptions();
std::vector<Option> augmentationOptions();
std::vector<Option> machineOptions();

/// An option that reads and writes one field, which \p field finds in a plan: [](auto& plan) -> auto& {
/// return plan.epochs; }.
template <class Field>
Option option(Field field, OptionKind kind, std::string id, std::string label, std::string help)
{
    using T = std::remove_cvref_t<decltype(field(std::declval<TrainingPlan&>()))>;
    Option made;
    made.id = std::move(id);
    made.label = std::move(label);
    made.help = std::move(help);
    made.kind = kind;
    made.applies = [](const TrainingPlan&) { return true; };
    made.get = [field](const TrainingPlan& plan) { return Json(field(plan)); };
    made.put = [field](TrainingPlan& plan, const Json& value) { field(plan) = value.get<T>(); };
    return made;
}

/// The same for a field of the plan itself: &TrainingPlan::epochs.
template <class T>
Option option(T TrainingPlan::*field, OptionKind kind, std::string id, std::string label, std::string help)
{
    return option(
        [field](auto& plan) -> auto& { return plan.*field; }, kind, std::move(id), std::move(label),
        std::move(help));
}

inline Option within(Option made, double least, double most)
{
    made.least = least;
    made.most = most;
    return made;
}

inline Option onOff(Option made)
{
    made.choices = {{"false", "Off"}, {"true", "On"}};
    return made;
}

inline Option oneOf(Option made, std::vector<OptionChoice> choices)
{
    made.choices = std::move(choices);
    return made;
}

inline Option brief(Option made, std::string text)
{
    made.brief = std::move(text);
    return made;
}

inline Option flagged(Option made, std::string flag)
{
    made.flag = std::move(flag);
    return made;
}

inline Option basic(Option made)
{
    made.basic = true;
    return made;
}

/// A text of which \p wantedText says what was wanted instead; empty where it does.
inline Option checked(Option made, std::function<std::string(const std::string&)> wantedText)
{
    made.wantedText = std::move(wantedText);
    return made;
}

/// Seen and used only where \p applies says so.
inline Option where(Option made, std::function<bool(const TrainingPlan&)> applies)
{
    made.applies = std::move(applies);
    return made;
}

} // namespace torchdesk
