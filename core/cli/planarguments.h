// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/options.h"

#include <map>

namespace CLI {
class App;
}

namespace torchdesk::cli {

/// A plan from the command line: the defaults, over them the plan file, the flags, and --set, in this order.
/// The flags are those of the option table.
class PlanArguments
{
public:
    /// The file, a flag for each option that has one, and --set. This object must outlive the parsing.
    void addTo(CLI::App& app);
    /// Only the flags of these options, to change the plan of a run.
    void addFlags(CLI::App& app, const std::vector<std::string>& ids);

    /// The complete plan with every value checked. Reads the plan file: blocks.
    Expected<TrainingPlan> plan() const;
    /// \p plan with the flags applied.
    Expected<TrainingPlan> changed(TrainingPlan plan) const;

private:
    void addFlag(CLI::App& app, const Option& option);

    std::string m_file;
    std::map<std::string, std::string> m_flags; ///< by option
    std::vector<std::string> m_settings;
};

/// "How often the network sees every training sample (1 to 100,000, default 5)."
std::string optionDescription(const Option& option);

/// The model and the data set that the plan names exist in the catalogues, and the model takes such data;
/// nothing is opened that is large. \p hint gets a sentence where the data cannot be opened at present.
Expected<void> checkNames(const TrainingPlan& plan, std::string* hint = nullptr);

} // namespace torchdesk::cli
