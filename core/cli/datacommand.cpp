// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/datafolder.h"
#include "core/cli/planarguments.h"
#include "core/cli/table.h"
#include "core/cli/usage.h"
#include "core/data/catalogue.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace torchdesk::cli {

namespace {

Json toJson(const DataEntry& entry)
{
    const DataDescription& data = entry.description;
    return Json{{"name", data.name},
                {"label", data.label},
                {"available", entry.available},
                {"train", data.trainCount},
                {"test", data.testCount},
                {"shape", data.shape},
                {"classes", data.classes},
                {"summary", data.summary},
                {"licence", data.licence},
                {"source", data.source},
                {"folder", data.folder},
                {"hint", entry.hint},
                {"download_bytes", entry.downloadBytes}};
}

std::string place(const DataEntry& entry)
{
    if (!entry.available)
        return entry.downloadBytes > 0 ? "download " + byteSize(entry.downloadBytes) : "not found";
    return entry.description.folder.empty() ? "built in" : entry.description.folder;
}

void print(Output& out, const std::vector<DataEntry>& entries)
{
    Table table({{"Name"},
                 {"Training", true},
                 {"Test", true},
                 {"Shape", true},
                 {"Classes", true},
                 {"What it is"},
                 {"Where"}});
    for (const DataEntry& entry : entries) {
        const DataDescription& data = entry.description;
        table.add({data.name, grouped(data.trainCount), grouped(data.testCount), shapeText(data.shape),
                   grouped(static_cast<std::int64_t>(data.classes.size())), data.label, place(entry)});
    }
    table.print(out);
    const bool all =
        std::all_of(entries.begin(), entries.end(), [](const DataEntry& entry) { return entry.available; });
    if (!all)
        out.line(
            '\n' +
            wrapped("'torchdesk-cli data get NAME' downloads one. Where the files are at hand, --data-dir "
                    "names the folder that has them.",
                    out.width()));
}

int runData(Context& context, const PlanArguments& arguments, bool json)
{
    const auto plan = arguments.changed(TrainingPlan{});
    if (!plan)
        return report(context, plan.error(), exitWrongUse);
    const auto entries = dataCatalogue(plan->dataFolder);
    if (json) {
        Json list = Json::array();
        for (const DataEntry& entry : entries)
            list.push_back(toJson(entry));
        context.out.json(list);
    } else
        print(context.out, entries);
    return finish(context);
}

} // namespace

Command dataCommand(CLI::App& program)
{
    CLI::App* app = program.add_subcommand(
        "data", "Lists the data sets, and where they were found; with a path, looks through that folder or "
                "archive of pictures: classes, sizes, copies, and what would be left out.");
    const auto json = std::make_shared<bool>(false);
    const auto path = std::make_shared<std::string>();
    const auto arguments = std::make_shared<PlanArguments>();
    app->add_option("PATH", *path, "A folder (or zip, tar) with a folder of pictures for each class.")
        ->check(notEmpty());
    arguments->addFlags(*app, {"data_folder"});
    app->add_flag("--json", *json, "Prints JSON instead.");
    const auto run = [=](Context& context) {
        return path->empty() ? runData(context, *arguments, *json) : runDataFolder(context, *path, *json);
    };
    return {app,
            run,
            {"torchdesk-cli data ~/pictures/flowers",
             "torchdesk-cli data get cifar-10                           # into ~/TorchDesk/data"},
            {dataGetCommand(*app)}};
}

} // namespace torchdesk::cli
