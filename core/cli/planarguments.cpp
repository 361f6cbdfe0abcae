// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/planarguments.h"

#include "core/base/text.h"
#include "core/cli/usage.h"
#include "core/data/catalogue.h"
#include "core/data/sizedset.h"
#include "core/model/catalogue.h"
#include "core/plan/presets.h"
#include "core/session/picturesizehint.h"
#include "core/session/trainingjob.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

std::string numberText(double value)
{
    return value > 1e18 ? "2^64 - 1"
           : value == static_cast<double>(static_cast<std::int64_t>(value))
               ? grouped(static_cast<std::int64_t>(value))
               : toText(value);
}

std::string range(const Option& option)
{
    std::vector<std::string> choices;
    for (const OptionChoice& choice : option.choices)
        choices.push_back(choice.value);
    if (!choices.empty())
        return joined(choices, " or ") + ", ";
    if (option.kind != OptionKind::Integer && option.kind != OptionKind::Real)
        return {};
    return fmt::format("{}{} to {}, ", option.leastExcluded ? "above " : "", numberText(option.least),
                       numberText(option.most));
}

const char* valueName(OptionKind kind)
{
    switch (kind) {
    case OptionKind::Integer:
        return "N";
    case OptionKind::Real:
        return "X";
    case OptionKind::Model:
    case OptionKind::Data:
        return "NAME|PATH";
    case OptionKind::Device:
        return "DEVICE";
    case OptionKind::File:
        return "FILE|DIR";
    case OptionKind::Folder:
        return "DIR";
    default:
        return "TEXT";
    }
}

/// The sentence with the flag in place of the field's label, as the user wrote it.
Error about(const Option& option, Error error)
{
    if (error.message.starts_with(option.label + ":"))
        error.message.replace(0, option.label.size(), option.flag);
    return error;
}

} // namespace

std::string optionDescription(const Option& option)
{
    const std::string byDefault = optionText(TrainingPlan{}, option);
    std::string sentence = option.help;
    if (sentence.ends_with('.'))
        sentence.pop_back();
    return fmt::format("{} ({}default {}).", sentence, range(option), byDefault.empty() ? "none" : byDefault);
}

void PlanArguments::addFlag(CLI::App& app, const Option& option)
{
    const auto store = [this, id = option.id](const std::string& value) { m_flags[id] = value; };
    app.add_option_function<std::string>(option.flag, store, optionDescription(option))
        ->type_name(valueName(option.kind))
        ->take_last();
}

void PlanArguments::addFlags(CLI::App& app, const std::vector<std::string>& ids)
{
    for (const std::string& id : ids) {
        if (const Option* option = findOption(id); option && !option->flag.empty())
            addFlag(app, *option);
    }
}

void PlanArguments::addTo(CLI::App& app)
{
    app.add_option("PLAN.json", m_file, "A plan file, as 'torchdesk-cli plan' prints it; flags change it.")
        ->check(notEmpty());
    app.add_option("--preset", m_preset,
                   fmt::format("A plan that ships with TorchDesk, in place of a plan file: {}.",
                               joined(presetNames(), ", ")))
        ->type_name("NAME")
        ->check(notEmpty("a name"))
        ->take_last();
    for (const Option& option : optionTable()) {
        if (!option.flag.empty())
            addFlag(app, option);
    }
    app.add_option("--set", m_settings,
                   "Sets any value of the plan; may be given more than once, wins over the rest.")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
}

Expected<TrainingPlan> PlanArguments::changed(TrainingPlan plan) const
{
    for (const auto& [id, text] : m_flags) {
        if (const auto set = setOption(plan, id, text); !set)
            return tl::unexpected(about(*findOption(id), set.error()));
    }
    return plan;
}

bool PlanArguments::namesData() const
{
    return m_flags.contains("data") || std::ranges::any_of(m_settings, [](const std::string& assignment) {
               return trimmed(assignment.substr(0, assignment.find('='))) == "data";
           });
}

Expected<TrainingPlan> PlanArguments::base(std::string* hint) const
{
    if (m_preset.empty())
        return m_file.empty() ? TrainingPlan{} : readPlan(m_file);
    if (!m_file.empty())
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("found both --preset {} and the plan file {}, wanted one of them; values of "
                        "the other can be given with --set.",
                        shortened(m_preset, 60), shortened(m_file, 60)));
    const auto preset = findPreset(m_preset);
    if (!preset)
        return failure(preset.error().kind, "--preset: " + preset.error().message);
    if (preset->namesData || namesData())
        return preset->plan;
    const std::string sentence =
        fmt::format("the preset {} is for a folder of your own: name it with --data DIR", preset->name);
    if (!hint)
        return failure(ErrorKind::InvalidInput, sentence + '.');
    *hint = fmt::format("{} (the plan has {} for now).", sentence, preset->plan.data);
    return preset->plan;
}

Expected<TrainingPlan> PlanArguments::plan(std::string* hint) const
{
    Expected<TrainingPlan> plan = base(hint);
    if (plan)
        plan = changed(*plan);
    if (!plan)
        return plan;
    for (const std::string& assignment : m_settings) {
        if (const auto set = applySetting(*plan, assignment); !set)
            return failure(set.error().kind, "--set: " + set.error().message);
    }
    if (const auto checked = checkPlan(*plan); !checked)
        return failure(checked);
    return plan;
}

Expected<void> checkModelName(const TrainingPlan& plan)
{
    const auto model = findModel(plan.model);
    return model ? Expected<void>() : failure(model);
}

Expected<void> checkNames(const TrainingPlan& plan, std::string* hint)
{
    const auto model = findModel(plan.model);
    if (!model)
        return failure(model);
    if (plan.data.find('/') != std::string::npos) {
        const auto there = hint ? checkDataFolder(plan.data) : Expected<void>();
        if (!there)
            *hint = there.error().message;
        return {};
    }
    std::vector<std::string> names;
    for (const DataEntry& entry : dataCatalogue(plan.dataFolder)) {
        names.push_back(entry.description.name);
        if (names.back() != plan.data)
            continue;
        if (hint && !entry.available)
            *hint = entry.hint;
        const DataDescription data = sizedAs(entry.description, plan.pictures);
        const auto lowered = lower(*model, data.shape, static_cast<std::int64_t>(data.classes.size()));
        if (lowered)
            return checkTrainable(*lowered);
        Error error = lowered.error();
        error.message += pictureSizeHint(*model, data);
        return tl::unexpected(std::move(error));
    }
    const auto near = closest(plan.data, names);
    return failure(
        ErrorKind::NotFound,
        fmt::format("there is no data set \"{}\"; {}", shortened(plan.data, 60),
                    near ? fmt::format("did you mean \"{}\"?", *near)
                         : fmt::format("there are {}, and a path contains '/'.", joined(names, ", "))));
}

} // namespace torchdesk::cli
