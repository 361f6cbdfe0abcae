// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/options.h"

#include <map>

namespace CLI {
class App;
}

namespace torchdesk::cli {

/// A plan from the command line: the defaults, over them the plan file or the preset, the flags, and --set,
/// in this order.
/// The flags are those of the option table.
class PlanArguments
{
public:
    /// The file, --preset, a flag for each option that has one, and --set. This object must outlive the
    /// parsing.
    void addTo(CLI::App& app);
    /// Only the flags of these options, to change the plan of a run.
    void addFlags(CLI::App& app, const std::vector<std::string>& ids);

    /// The complete plan with every value checked. Reads the plan file: blocks. A preset for a folder of
    /// one's own needs data: without any \p hint gets the sentence and the plan has the default's, and where
    /// there is no \p hint that is an error.
    Expected<TrainingPlan> plan(std::string* hint = nullptr) const;
    /// \p plan with the flags applied.
    Expected<TrainingPlan> changed(TrainingPlan plan) const;

private:
    void addFlag(CLI::App& app, const Option& option);
    Expected<TrainingPlan> base(std::string* hint) const;
    bool namesData() const;

    std::string m_file;
    std::string m_preset;
    std::map<std::string, std::string> m_flags; ///< by option
    std::vector<std::string> m_settings;
};

/// "How often the network sees every training sample (1 to 100,000, default 5)."
std::string optionDescription(const Option& option);

/// The model that the plan names exists.
Expected<void> checkModelName(const TrainingPlan& plan);
/// The model and the data set that the plan names exist in the catalogues, and the model takes such data;
/// nothing is opened that is large. \p hint gets a sentence where the data cannot be opened at present.
Expected<void> checkNames(const TrainingPlan& plan, std::string* hint = nullptr);

} // namespace torchdesk::cli
