// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/trainingplan.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace torchdesk {

/// How an option is entered and checked.
enum class OptionKind
{
    Integer,
    Real,
    Switch, ///< true or false
    Choice,
    Text,
    Folder,
    File, ///< or a folder where the option's help says so
    Model,
    Data,
    Device
};

struct OptionChoice
{
    std::string value;
    std::string label; ///< English; shown through tr()
};

/// One row of the option table. It alone gives the form, the flag, the JSON key and the check.
struct Option
{
    std::string id;      ///< the JSON key, the --set key: "learning_rate"
    std::string label;   ///< English, sentence case: "Learning rate"; shown through tr()
    std::string help;    ///< one sentence for the help line and --help
    std::string unit;    ///< "" where there is none
    std::string section; ///< English heading under which it stands: "Recipe"; shown through tr()
    OptionKind kind = OptionKind::Text;
    double least = 0; ///< Integer and Real: the range, both ends allowed (unless leastExcluded)
    double most = 0;
    bool leastExcluded = false;
    std::vector<OptionChoice> choices; ///< Choice and Switch only
    bool basic = false; ///< one of the fields always seen in the form; the rest is under 'More settings'
    bool live = false;  ///< may change while a run is going
    std::string flag;   ///< its own command-line flag ("--epochs"), "" where only --set reaches it
    /// Text with a form of its own: what was wanted instead; empty where the text does.
    std::function<std::string(const std::string&)> wantedText;
    std::function<bool(const TrainingPlan&)> applies; ///< e.g. momentum only with sgd
    std::string brief; ///< how a value stands in differences(), {} is the value: "lr {}"

    std::function<Json(const TrainingPlan&)> get;
    /// Stores an already checked value.
    std::function<void(TrainingPlan&, const Json&)> put;
};

/// All options, in the order in which forms and files show them. Lives as long as the program. Any thread.
std::span<const Option> optionTable();
const Option* findOption(std::string_view id);

/// Checks \p value against the option; the message names the option, what was found and what is wanted.
Expected<void> checkOption(const Option& option, const Json& value);
/// Text as typed in a form or behind a flag ("1e-3", "sgd"), checked and stored. The plan stays as it is on
/// an error.
Expected<void> setOption(TrainingPlan& plan, std::string_view id, std::string_view text);
/// "key=value", as --set takes it.
Expected<void> applySetting(TrainingPlan& plan, std::string_view assignment);
/// The value as text that setOption reads back.
std::string optionText(const TrainingPlan& plan, const Option& option);

/// All checks that need neither the model nor the data: each option, and what must fit together.
Expected<void> checkPlan(const TrainingPlan& plan);

/// The options in which \p plan differs from \p base and that apply, as "lr 3e-4, seed 2": the second line of
/// a run in the list. \p except names ids to leave out.
std::string differences(const TrainingPlan& plan, const TrainingPlan& base,
                        const std::vector<std::string>& except = {});
/// The command line that trains this plan: "torchdesk-cli train --model lenet …", quoted for a POSIX shell,
/// with only what differs from the defaults.
std::string asCommand(const TrainingPlan& plan);

} // namespace torchdesk
