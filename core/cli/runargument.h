// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/runfolder.h"

namespace CLI {
class App;
}

namespace torchdesk::cli {

/// RUN and --runs, which several commands share.
class RunArgument
{
public:
    void addTo(CLI::App& app);
    static void addRunsFolder(CLI::App& app, std::string& folder);
    static std::filesystem::path runsFolderFrom(const std::string& text);

    /// A path, a name, the beginning of a name, or "last".
    Expected<std::filesystem::path> find() const;

private:
    std::string m_run;
    std::string m_runs;
};

void addWeightsFlag(CLI::App& app, std::string& weights);
Expected<Weights> weightsNamed(const std::string& name);

/// How a command line names this run: by its name in the default folder, else by its path.
std::string runWord(const std::filesystem::path& run);

} // namespace torchdesk::cli
