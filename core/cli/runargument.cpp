// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/runargument.h"

#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/cli/usage.h"

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
        ->check(notEmpty())
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

void WeightsArgument::addTo(CLI::App& app)
{
    m_run.addTo(app);
    app.add_option("--weights", m_weights,
                   "Which weights: best (highest validation accuracy) or last (default best).")
        ->type_name("best|last")
        ->take_last();
}

Expected<WeightsArgument::Chosen> WeightsArgument::find() const
{
    if (m_weights != "best" && m_weights != "last")
        return failure(ErrorKind::InvalidInput, fmt::format("--weights: found \"{}\", wanted best or last.",
                                                            shortened(m_weights, 60)));
    const auto run = m_run.find();
    if (!run)
        return failure(run);
    return Chosen{*run, m_weights == "best" ? Weights::Best : Weights::Last};
}

std::string runWord(const fs::path& run)
{
    std::error_code ignored;
    const bool usual = fs::equivalent(run.parent_path(), runsFolder(), ignored);
    return shellWord(usual ? run.filename().string() : run.string());
}

} // namespace torchdesk::cli
