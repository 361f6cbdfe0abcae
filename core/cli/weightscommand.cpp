// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/table.h"
#include "core/cli/usage.h"
#include "core/model/catalogue.h"
#include "core/model/weightmatch.h"
#include "core/session/startingpoint.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

struct WeightsArguments
{
    std::string file;
    std::string model;
    std::int64_t classes = 0; ///< 0: as many as the model file says
    bool json = false;
};

std::int64_t values(const std::vector<NamedTensor>& tensors)
{
    std::int64_t sum = 0;
    for (const NamedTensor& tensor : tensors)
        sum += elementCount(tensor.shape).value_or(0);
    return sum;
}

void printTensors(Output& out, const std::vector<NamedTensor>& tensors)
{
    Table table({{"Tensor"}, {"Type"}, {"Shape", true}, {"Values", true}});
    for (const NamedTensor& tensor : tensors)
        table.add({tensor.name, dtypeName(tensor.type), shapeText(tensor.shape),
                   grouped(elementCount(tensor.shape).value_or(0))});
    table.print(out);
    out.line(fmt::format("\n{} tensors, {} values.", grouped(static_cast<std::int64_t>(tensors.size())),
                         grouped(values(tensors))));
}

Json tensorsJson(const std::vector<NamedTensor>& tensors)
{
    Json list = Json::array();
    for (const NamedTensor& tensor : tensors)
        list.push_back({{"name", tensor.name}, {"type", dtypeName(tensor.type)}, {"shape", tensor.shape}});
    return list;
}

Json matchJson(const WeightMatch& match)
{
    Json matched = Json::array();
    for (const NamedTensor& tensor : match.matched)
        matched.push_back(tensor.name);
    return Json{{"fits", match.startsTraining()},   {"matched", matched},
                {"missing", match.missing},         {"other_shape", match.otherShape},
                {"left_over", match.leftOver},      {"new_head", match.newHead},
                {"prefix_taken_off", match.prefix}, {"wanted", match.wanted}};
}

void printMatch(Output& out, const WeightMatch& match, const LoweredModel& model)
{
    // What does not fit comes first: it is what one looks for.
    Table table({{""}, {"Tensor"}});
    for (const std::string& each : match.otherShape)
        table.add({"other shape", each});
    for (const std::string& each : match.missing)
        table.add({"missing", each});
    for (const std::string& each : match.leftOver)
        table.add({"left over", each});
    if (!match.newHead.empty())
        table.add({"new", match.newHead});
    for (const NamedTensor& each : match.matched)
        table.add({"matched", each.name + ' ' + shapeText(each.shape)});
    table.print(out);
    out.line(fmt::format("\n{}: {}.",
                         match.startsTraining()
                             ? fmt::format("Model '{}' can start from these", model.name)
                             : fmt::format("Model '{}' cannot start from these", model.name),
                         matchSummary(match, model)));
}

Expected<LoweredModel> modelFor(const WeightsArguments& arguments)
{
    const auto file = findModel(arguments.model);
    if (!file)
        return failure(file);
    return lower(*file, file->input, arguments.classes > 0 ? arguments.classes : file->classes);
}

int runWeights(Context& context, const WeightsArguments& arguments)
{
    const auto tensors = readWeightsFrom(arguments.file);
    if (!tensors)
        return report(context, tensors.error());
    if (arguments.model.empty()) {
        if (arguments.json)
            context.out.json(tensorsJson(*tensors));
        else
            printTensors(context.out, *tensors);
        return finish(context);
    }
    const auto model = modelFor(arguments);
    if (!model)
        return report(context, model.error(), exitWrongUse);
    const WeightMatch match = matchWeights(*model, *tensors);
    if (arguments.json)
        context.out.json(matchJson(match));
    else
        printMatch(context.out, match, *model);
    const int code = finish(context);
    return match.startsTraining() ? code : exitFailed;
}

} // namespace

Command weightsCommand(CLI::App& program)
{
    CLI::App* app = program.add_subcommand(
        "weights", "Lists the tensors of a file of weights or of a run, or what of them fits a model.");
    const auto arguments = std::make_shared<WeightsArguments>();
    app->add_option("FILE", arguments->file, "A .safetensors, .pt or .pth file, or the folder of a run.")
        ->type_name("FILE")
        ->required()
        ->check(notEmpty());
    app->add_option(
           "--model", arguments->model,
           "Lists what matches this model, is missing, left over or of another shape. Exit code 1 where "
           "a training cannot start from it.")
        ->type_name("NAME|FILE")
        ->check(notEmpty())
        ->take_last();
    app->add_option("--classes", arguments->classes,
                    "The classes of your data (1 to 100,000; default: those of the model).")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000}).description(""))
        ->take_last();
    app->add_flag("--json", arguments->json, "Prints an array of tensors, or an object with --model.");
    return {app,
            [arguments](Context& context) { return runWeights(context, *arguments); },
            {"torchdesk-cli weights resnet18.pth --model resnet18 --classes 2"}};
}

} // namespace torchdesk::cli
