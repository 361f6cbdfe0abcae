// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/runargument.h"

#include "core/base/paths.h"
#include "core/base/text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace fs = std::filesystem;

void RunArgument::addTo(CLI::App& app)
{
    app.add_option("RUN", m_run, "A run: its name, the beginning of its name, its path, or 'last'.")
        ->required();
    addRunsFolder(app, m_runs);
}

void RunArgument::addRunsFolder(CLI::App& app, std::string& folder)
{
    app.add_option("--runs", folder, fmt::format("The folder of the runs (default {}).", shown(runsFolder())))
        ->type_name("DIR")
        ->take_last();
}

fs::path RunArgument::runsFolderFrom(const std::string& text)
{
    return text.empty() ? runsFolder() : userPath(text);
}

Expected<fs::path> RunArgument::find() const
{
    return findRun(runsFolderFrom(m_runs), m_run);
}

void addWeightsFlag(CLI::App& app, std::string& weights)
{
    app.add_option("--weights", weights,
                   "Which weights: best (highest validation accuracy) or last (default best).")
        ->type_name("best|last")
        ->take_last();
}

Expected<Weights> weightsNamed(const std::string& name)
{
    if (name == "best" || name.empty())
        return Weights::Best;
    if (name == "last")
        return Weights::Last;
    return failure(ErrorKind::InvalidInput,
                   fmt::format("--weights: found \"{}\", wanted best or last.", shortened(name, 60)));
}

std::string runWord(const fs::path& run)
{
    std::error_code ignored;
    const bool usual = fs::equivalent(run.parent_path(), runsFolder(), ignored);
    return shellWord(usual ? run.filename().string() : run.string());
}

} // namespace torchdesk::cli
