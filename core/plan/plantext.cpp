// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/plan/options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace torchdesk {

namespace {

/// As people write it: 0.0003 is "3e-4", 0.01 stays "0.01".
std::string briefNumber(double value)
{
    if (value == 0 || std::abs(value) >= 0.001)
        return toText(value);
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific).ptr;
    std::string text(digits, end);
    // The library writes at least two digits of the exponent: "3e-04".
    if (const auto zero = text.find("e-0"); zero != std::string::npos)
        text.erase(zero + 2, 1);
    return text;
}

std::string briefValue(const TrainingPlan& plan, const Option& option)
{
    const Json value = option.get(plan);
    if (value.is_number_float())
        return briefNumber(value.get<double>());
    const std::string text = optionText(plan, option);
    for (const OptionChoice& choice : option.choices) {
        if (choice.value == text && option.brief == "{}")
            return choice.label;
    }
    return text;
}

std::string argument(const TrainingPlan& plan, const Option& option)
{
    const std::string text = optionText(plan, option);
    if (option.flag.empty())
        return fmt::format(" --set {}", shellWord(option.id + "=" + text));
    // "--model -x" would read as two options, and an empty word can be lost.
    if (text.empty() || text.starts_with('-'))
        return fmt::format(" {}", shellWord(option.flag + "=" + text));
    return fmt::format(" {} {}", option.flag, shellWord(text));
}

} // namespace

std::string differences(const TrainingPlan& plan, const TrainingPlan& base,
                        const std::vector<std::string>& except)
{
    std::vector<std::string> parts;
    for (const Option& option : optionTable()) {
        const bool leftOut = std::find(except.begin(), except.end(), option.id) != except.end();
        if (leftOut || !option.applies(plan) || option.get(plan) == option.get(base))
            continue;
        parts.push_back(fmt::format(fmt::runtime(option.brief), briefValue(plan, option)));
    }
    return joined(parts, ", ");
}

std::string asCommand(const TrainingPlan& plan)
{
    std::string command = "torchdesk-cli train";
    for (const Option& option : optionTable()) {
        if (option.get(plan) != option.get(TrainingPlan{}))
            command += argument(plan, option);
    }
    return command;
}

} // namespace torchdesk
