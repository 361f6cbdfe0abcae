// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/options.h"

#include "core/base/text.h"
#include "core/plan/optioncheck.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace torchdesk {

namespace {

constexpr std::size_t longestText = 4096;
const std::vector<std::string> deviceForms = {"auto", "cpu", "cuda:0"};

bool inRange(const Option& option, double value)
{
    return (option.leastExcluded ? value > option.least : value >= option.least) && value <= option.most;
}

/// Whole numbers are compared as they are: a seed above 2^53 must not pass through a double and come out
/// another.
bool wholeInRange(const Option& option, const Json& value)
{
    if (!value.is_number_integer())
        return false;
    if (value.is_number_unsigned())
        return inRange(option, static_cast<double>(value.get<std::uint64_t>()));
    return inRange(option, static_cast<double>(value.get<std::int64_t>()));
}

std::string rangeText(const Option& option)
{
    const char* what = option.kind == OptionKind::Integer ? "a whole number" : "a number";
    if (option.most > 1e18)
        return fmt::format("{} from {} to {}", what, toText(option.least),
                           std::numeric_limits<std::uint64_t>::max());
    if (option.leastExcluded)
        return fmt::format("{} above {}, at most {}", what, toText(option.least), toText(option.most));
    return fmt::format("{} from {} to {}", what, toText(option.least), toText(option.most));
}

bool isDevice(const std::string& text)
{
    if (text == "auto" || text == "cpu")
        return true;
    if (!text.starts_with("cuda:") || text.size() < 6 || text.size() > 8)
        return false;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool leadingZero = text[5] == '0' && text.size() > 6;
    return std::all_of(text.begin() + 5, text.end(), digit) && !leadingZero;
}

std::string offered(const std::string& wanted, const std::string& word,
                    const std::vector<std::string>& candidates)
{
    const auto near = closest(word, candidates);
    return near ? fmt::format("{}: \"{}\" perhaps", wanted, *near) : wanted;
}

std::vector<std::string> values(const Option& option)
{
    std::vector<std::string> result;
    for (const OptionChoice& choice : option.choices)
        result.push_back(choice.value);
    return result;
}

/// Text that JSON, a terminal and a message can hold: UTF-8 without control characters.
bool isPlain(const std::string& text)
{
    return text.size() <= longestText && shortened(text, text.size()) == text;
}

/// What was wanted instead of \p text; empty where the text does.
std::string wantedText(const Option& option, const std::string& text)
{
    switch (option.kind) {
    case OptionKind::Choice: {
        const auto allowed = values(option);
        const bool known = std::find(allowed.begin(), allowed.end(), text) != allowed.end();
        return known ? "" : offered("one of " + joined(allowed, ", "), text, allowed);
    }
    case OptionKind::Device:
        return isDevice(text) ? "" : offered("auto, cpu or cuda:N", text, deviceForms);
    case OptionKind::Model:
    case OptionKind::Data:
        if (text.empty())
            return "a name of the list, or a path with a '/' in it";
        break;
    default:
        break;
    }
    if (option.wantedText && isPlain(text))
        return option.wantedText(text);
    return isPlain(text)
               ? ""
               : fmt::format("UTF-8 text without control characters, at most {} bytes", longestText);
}

/// What was wanted instead of \p value; empty where the value does.
std::string wanted(const Option& option, const Json& value)
{
    if (option.kind == OptionKind::Integer)
        return wholeInRange(option, value) ? "" : rangeText(option);
    if (option.kind == OptionKind::Real)
        return value.is_number() && inRange(option, value.get<double>()) ? "" : rangeText(option);
    if (option.kind == OptionKind::Switch)
        return value.is_boolean() ? "" : "true or false";
    return value.is_string() ? wantedText(option, value.get_ref<const std::string&>()) : "a text";
}

/// Text as JSON of the option's kind; a text that is no number stays a text, which the check then refuses.
Json valueOf(const Option& option, std::string_view text)
{
    const std::string plain = trimmed(text);
    if (option.kind == OptionKind::Integer) {
        if (const auto whole = toUnsigned(plain))
            return *whole;
        if (const auto negative = toInteger(plain))
            return *negative;
    } else if (option.kind == OptionKind::Real) {
        if (const auto real = toReal(plain))
            return *real;
    } else if (option.kind == OptionKind::Switch) {
        if (plain == "true" || plain == "on")
            return true;
        if (plain == "false" || plain == "off")
            return false;
    } else if (option.kind == OptionKind::Choice || option.kind == OptionKind::Device)
        return plain;
    return std::string(text);
}

Expected<void> setAs(TrainingPlan& plan, const Option& option, std::string_view text, const std::string& name)
{
    const Json value = valueOf(option, text);
    // A number that is not finite has no JSON, so what was typed is shown.
    if (const auto problem = objection(option, value))
        return failure(ErrorKind::InvalidInput, fmt::format("{}: {}", name, *problem));
    option.put(plan, value);
    return {};
}

} // namespace

std::optional<std::string> objection(const Option& option, const Json& value)
{
    const std::string instead = wanted(option, value);
    if (instead.empty())
        return std::nullopt;
    const bool notFinite = value.is_number_float() && !std::isfinite(value.get<double>());
    return fmt::format("found {}, wanted {}.", notFinite ? toText(value.get<double>()) : shown(value),
                       instead);
}

std::string unknownOption(std::string_view id)
{
    std::vector<std::string> ids;
    for (const Option& option : optionTable())
        ids.push_back(option.id);
    const std::string name = shortened(id, 60);
    if (const auto near = closest(id, ids))
        return fmt::format("{}: found an unknown option, wanted \"{}\" perhaps.", name, *near);
    return fmt::format("{}: found an unknown option, wanted one of {}.", name, joined(ids, ", "));
}

Expected<void> checkOption(const Option& option, const Json& value)
{
    if (const auto problem = objection(option, value))
        return failure(ErrorKind::InvalidInput, fmt::format("{}: {}", option.label, *problem));
    return {};
}

Expected<void> setOption(TrainingPlan& plan, std::string_view id, std::string_view text)
{
    const Option* option = findOption(id);
    if (!option)
        return failure(ErrorKind::InvalidInput, unknownOption(id));
    return setAs(plan, *option, text, option->label);
}

Expected<void> applySetting(TrainingPlan& plan, std::string_view assignment)
{
    const auto equals = assignment.find('=');
    if (equals == std::string_view::npos)
        return failure(ErrorKind::InvalidInput,
                       fmt::format("found \"{}\", wanted key=value, such as learning_rate=0.01.",
                                   shortened(assignment, 60)));
    const std::string id = trimmed(assignment.substr(0, equals));
    const Option* option = findOption(id);
    if (!option)
        return failure(ErrorKind::InvalidInput, unknownOption(id));
    return setAs(plan, *option, assignment.substr(equals + 1), id);
}

std::string optionText(const TrainingPlan& plan, const Option& option)
{
    const Json value = option.get(plan);
    if (value.is_string())
        return value.get<std::string>();
    return value.is_number_float() ? toText(value.get<double>()) : value.dump();
}

Expected<void> checkPlan(const TrainingPlan& plan)
{
    for (const Option& option : optionTable()) {
        if (const auto checked = checkOption(option, option.get(plan)); !checked)
            return checked;
    }
    return {};
}

} // namespace torchdesk
