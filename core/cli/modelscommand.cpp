// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/table.h"
#include "core/model/catalogue.h"

#include <CLI/CLI.hpp>

namespace torchdesk::cli {

namespace {

/// A model with the costs that it has for the input it was made for.
struct Row
{
    ModelFile file;
    LoweredModel lowered;
};

Json toJson(const Row& row)
{
    return Json{{"name", row.file.name},
                {"label", row.file.label},
                {"parameters", row.lowered.parameterCount()},
                {"input", row.file.input},
                {"classes", row.file.classes},
                {"multiply_adds", row.lowered.multiplyAdds()},
                {"help", row.file.help}};
}

void print(Output& out, const std::vector<Row>& rows)
{
    Table table({{"Name"},
                 {"Parameters", true},
                 {"Multiply-adds", true},
                 {"Input", true},
                 {"Classes", true},
                 {"What it is"}});
    for (const Row& row : rows)
        table.add({row.file.name, grouped(row.lowered.parameterCount()), grouped(row.lowered.multiplyAdds()),
                   shapeText(row.file.input), grouped(row.file.classes), row.file.label});
    table.print(out);
}

int runModels(Context& context, bool json)
{
    std::vector<Error> problems;
    std::vector<Row> rows;
    for (ModelFile& file : modelCatalogue(&problems)) {
        auto lowered = lower(file, file.input, file.classes);
        if (lowered)
            rows.push_back({std::move(file), std::move(*lowered)});
        else
            problems.push_back(lowered.error());
    }
    if (json) {
        Json list = Json::array();
        for (const Row& row : rows)
            list.push_back(toJson(row));
        context.out.json(list);
    } else
        print(context.out, rows);
    // A broken file of the user's own does not hide the models that are good.
    for (const Error& problem : problems)
        context.out.problem(problem.message);
    return finish(context);
}

} // namespace

Command modelsCommand(CLI::App& program)
{
    CLI::App* app = program.add_subcommand("models", "Lists the networks that can be trained.");
    const auto json = std::make_shared<bool>(false);
    app->add_flag("--json", *json, "Prints an array of objects instead.");
    return {app, [json](Context& context) { return runModels(context, *json); }, {}};
}

} // namespace torchdesk::cli
