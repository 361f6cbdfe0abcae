// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/openedrun.h"
#include "core/cli/planarguments.h"
#include "core/cli/runargument.h"
#include "core/cli/table.h"
#include "core/predict/picturefiles.h"
#include "core/predict/predictions.h"

#include <CLI/CLI.hpp>
#include <filesystem>

namespace torchdesk::cli {

namespace fs = std::filesystem;

namespace {

struct PredictArguments
{
    WeightsArgument run;
    PlanArguments changes;
    std::vector<std::string> files;
    bool json = false;
    bool csv = false;
};

/// The pictures that the arguments mean; a folder without any is told, and the others go on.
std::vector<fs::path> picturesOf(Context& context, const PredictArguments& arguments, bool& good)
{
    std::vector<fs::path> files;
    for (const std::string& argument : arguments.files) {
        const auto found = picturesAt(userPath(argument), context.interrupts.token());
        good = good && found;
        if (!found)
            context.out.problem(found.error().message);
        else if (found->size() == 1 && found->front() == userPath(argument))
            files.emplace_back(argument); // as it was written
        else
            files.insert(files.end(), found->begin(), found->end());
    }
    return files;
}

Json toJson(const RunModel& model, const PicturePrediction& prediction)
{
    if (!prediction.problem.empty())
        return Json{{"file", pathText(prediction.file)}, {"error", prediction.problem}};
    Json top = Json::array();
    for (const RankedClass& one : prediction.top)
        top.push_back(Json{{"class", className(model.classes, one.index)},
                           {"index", one.index},
                           {"probability", finiteOrNull(one.probability)}});
    return Json{{"file", pathText(prediction.file)},
                {"class", top[0]["class"]},
                {"index", top[0]["index"]},
                {"probability", top[0]["probability"]},
                {"top", top}};
}

std::vector<std::string> cells(const RunModel& model, const PicturePrediction& prediction)
{
    std::vector<std::string> row = {shortened(pathText(prediction.file), 400)};
    for (const RankedClass& one : prediction.top) {
        row.push_back(className(model.classes, one.index));
        row.push_back(percent(one.probability, 1));
    }
    row.resize(1 + 2 * PicturePrediction::mostClasses);
    return row;
}

void print(Context& context, const RunModel& model, const std::vector<PicturePrediction>& predictions,
           const PredictArguments& arguments)
{
    if (arguments.csv)
        return context.out.write(predictionsCsv(predictions, model.classes));
    if (arguments.json) {
        Json list = Json::array();
        for (const PicturePrediction& prediction : predictions)
            list.push_back(toJson(model, prediction));
        return context.out.json(list);
    }
    Table table({{"File"}, {"Class"}, {"Probability", true}, {"Second"}, {"", true}, {"Third"}, {"", true}});
    for (const PicturePrediction& prediction : predictions)
        if (prediction.problem.empty())
            table.add(cells(model, prediction));
    if (!table.empty())
        table.print(context.out);
}

/// Every picture that can be read is answered; false where one could not.
bool predictAll(Context& context, ReadyRun& ready, const PredictArguments& arguments)
{
    bool good = true;
    std::vector<PicturePrediction> all;
    const auto take = [&](std::vector<PicturePrediction> some) {
        for (PicturePrediction& prediction : some) {
            if (!prediction.problem.empty())
                context.out.problem(prediction.problem);
            good = good && prediction.problem.empty();
            all.push_back(std::move(prediction));
        }
    };
    const auto done = predictPictures(*ready.predictor, ready.run.model.preprocessing,
                                      picturesOf(context, arguments, good), take, context.interrupts.token());
    if (!done)
        context.out.problem(done.error().kind == ErrorKind::Cancelled
                                ? "stopped: the other pictures were not looked at."
                                : done.error().message);
    print(context, ready.run.model, all, arguments);
    return good && done;
}

int runPredict(Context& context, const PredictArguments& arguments)
{
    const auto chosen = arguments.run.find();
    if (!chosen)
        return report(context, chosen.error(), exitWrongUse);
    const auto plan = arguments.changes.changed(TrainingPlan{});
    if (!plan)
        return report(context, plan.error(), exitWrongUse);
    auto ready = openForUse(*chosen, plan->device);
    if (!ready)
        return report(context, ready.error());
    const bool good = predictAll(context, *ready, arguments);
    const int code = finish(context);
    return good ? code : exitFailed;
}

} // namespace

Command predictCommand(CLI::App& program)
{
    CLI::App* app = program.add_subcommand("predict", "Tells what a run's network sees in pictures, which "
                                                      "are prepared as the run was trained.");
    const auto arguments = std::make_shared<PredictArguments>();
    arguments->run.addTo(*app);
    app->add_option("FILE", arguments->files, "Pictures, or folders of pictures.")
        ->required()
        ->expected(1, 1 << 20);
    arguments->changes.addFlags(*app, {"device"});
    CLI::Option* json = app->add_flag("--json", arguments->json, "Prints an array of objects instead.");
    app->add_flag("--csv", arguments->csv,
                  "Prints comma-separated values instead: file, class, probability …")
        ->excludes(json);
    return {app,
            [arguments](Context& context) { return runPredict(context, *arguments); },
            {"torchdesk-cli predict last digit.png", "torchdesk-cli predict last --csv photos > photos.csv"}};
}

} // namespace torchdesk::cli
