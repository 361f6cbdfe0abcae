// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/options.h"

#include <algorithm>

namespace torchdesk::test {

/// A good value that is not the default.
inline Json anotherValue(const Option& option)
{
    const Json byDefault = option.get(TrainingPlan{});
    switch (option.kind) {
    case OptionKind::Integer:
        return byDefault.get<double>() < option.most ? byDefault.get<std::int64_t>() + 1
                                                     : static_cast<std::int64_t>(option.least);
    case OptionKind::Real:
        return 0.3 * std::min(option.most, 1.0) + 0.7 * option.least == byDefault.get<double>()
                   ? 0.4 * std::min(option.most, 1.0) + 0.6 * option.least
                   : 0.3 * std::min(option.most, 1.0) + 0.7 * option.least;
    case OptionKind::Switch:
        return !byDefault.get<bool>();
    case OptionKind::Choice:
        return option.choices[option.choices[0].value == byDefault ? 1 : 0].value;
    case OptionKind::Device:
        return "cuda:1";
    default: // a text, or a text of a form of its own: a moment of the run
        return checkOption(option, "./my file") ? "./my file" : "35%";
    }
}

/// A plan whose every option is good and not the default.
inline TrainingPlan unusualPlan()
{
    TrainingPlan plan;
    for (const Option& option : optionTable())
        option.put(plan, anotherValue(option));
    return plan;
}

} // namespace torchdesk::test
