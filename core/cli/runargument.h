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

/// RUN, --runs and --weights: what the commands that use a run's weights share.
class WeightsArgument
{
public:
    struct Chosen
    {
        std::filesystem::path run;
        Weights weights = Weights::Best;
    };
    void addTo(CLI::App& app);
    Expected<Chosen> find() const;

private:
    RunArgument m_run;
    std::string m_weights = "best";
};

/// How a command line names this run: by its name in the default folder, else by its path.
std::string runWord(const std::filesystem::path& run);

} // namespace torchdesk::cli
