// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/runargument.h"
#include "core/cli/table.h"
#include "core/plan/options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

std::string stateWord(const RunSummary& run)
{
    switch (run.state) {
    case RunState::Running:
        return "running";
    case RunState::Finished:
        return run.record.finished ? outcomeName(run.record.finished->outcome) : "finished";
    case RunState::Interrupted:
        return "interrupted";
    case RunState::Unreadable:
        return "unreadable";
    }
    return "";
}

std::optional<double> bestValidation(const RunRecord& record)
{
    for (const EpochDone& epoch : record.epochs) {
        if (epoch.epoch == record.bestEpoch())
            return epoch.validationAccuracy;
    }
    return std::nullopt;
}

std::optional<double> testAccuracy(const RunRecord& record)
{
    return record.finished ? record.finished->testAccuracy : std::nullopt;
}

Json optionalJson(const std::optional<double>& value)
{
    return value ? finiteOrNull(*value) : Json(nullptr);
}

Json toJson(const RunSummary& run)
{
    if (run.state == RunState::Unreadable) // what is not known is not made up
        return Json{{"name", run.folder.filename().string()},
                    {"path", pathText(run.folder)},
                    {"state", stateWord(run)},
                    {"problem", run.problem}};
    const RunRecord& record = run.record;
    return Json{
        {"name", run.folder.filename().string()},
        {"title", record.name},
        {"path", pathText(run.folder)},
        {"state", stateWord(run)},
        {"model", record.plan.model},
        {"data", record.plan.data},
        {"epochs", record.epochs.size()},
        {"planned_epochs", record.plan.epochs},
        {"best_epoch", countOrNull(record.bestEpoch())},
        {"validation_accuracy", optionalJson(bestValidation(record))},
        {"test_accuracy", optionalJson(testAccuracy(record))},
        {"started", record.startedAt > 0 ? Json(isoTime(record.startedAt)) : Json(nullptr)},
        {"seconds", record.endedAt > 0 ? finiteOrNull(record.endedAt - record.startedAt) : Json(nullptr)},
        {"settings", differences(record.plan, TrainingPlan{}, {"model", "data", "epochs"})},
        {"problem", run.problem}};
}

std::string percentOrBlank(const std::optional<double>& share)
{
    return share ? percent(*share) : "";
}

std::vector<std::string> cells(const RunSummary& run)
{
    const RunRecord& record = run.record;
    if (run.state == RunState::Unreadable)
        return {run.folder.filename().string(), stateWord(run), "", "", "", "", run.problem};
    const double seconds = record.endedAt > 0 ? record.endedAt - record.startedAt : 0;
    return {run.folder.filename().string(),
            stateWord(run),
            fmt::format("{}/{}", record.epochs.size(), record.plan.epochs),
            percentOrBlank(bestValidation(record)),
            percentOrBlank(testAccuracy(record)),
            seconds > 0 ? duration(seconds) : "",
            differences(record.plan, TrainingPlan{}, {"model", "data", "data_folder", "epochs"})};
}

void print(Output& out, const std::vector<RunSummary>& runs)
{
    Table table({{"Run"},
                 {"State"},
                 {"Epochs", true},
                 {"Validation", true},
                 {"Test", true},
                 {"Time", true},
                 {"Settings"}});
    for (const RunSummary& run : runs)
        table.add(cells(run));
    table.print(out);
}

int runRuns(Context& context, const std::string& folder, bool json)
{
    const auto path = RunArgument::runsFolderFrom(folder);
    std::error_code problem;
    if (std::filesystem::exists(path, problem)) {
        const std::filesystem::directory_iterator readable(path, problem);
        if (problem)
            return report(context, systemError(problem.value(), "Cannot read the folder", path));
    }
    const auto runs = listRuns(path);
    if (json) {
        Json list = Json::array();
        for (const RunSummary& one : runs)
            list.push_back(toJson(one));
        context.out.json(list);
    } else if (runs.empty())
        context.out.line(
            fmt::format("There are no runs in {} yet: 'torchdesk-cli train' makes one.", shown(path)));
    else
        print(context.out, runs);
    return finish(context);
}

} // namespace

Command runsCommand(CLI::App& program)
{
    CLI::App* app = program.add_subcommand("runs", "Lists the runs, the newest first.");
    const auto json = std::make_shared<bool>(false);
    const auto folder = std::make_shared<std::string>();
    RunArgument::addRunsFolder(*app, *folder);
    app->add_flag("--json", *json, "Prints an array of objects instead.");
    return {app, [=](Context& context) { return runRuns(context, *folder, *json); }, {}};
}

} // namespace torchdesk::cli
