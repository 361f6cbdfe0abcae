// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/openedrun.h"
#include "core/cli/planarguments.h"
#include "core/cli/runargument.h"
#include "core/cli/table.h"
#include "core/data/catalogue.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

struct EvaluateArguments
{
    WeightsArgument run;
    PlanArguments changes;
    bool json = false;
};

/// The data set of the run's plan; the network must take it.
Expected<DataSet> dataFor(const OpenedRun& run, const TrainingPlan& plan, std::stop_token stop)
{
    auto data = openData(requestFor(plan, run.model.model.input), {}, stop);
    if (!data)
        return data;
    const DataDescription& found = data->description;
    if (found.shape != run.model.preprocessing.shape || found.classes.size() != run.model.classes.size())
        return failure(
            ErrorKind::InvalidInput,
            fmt::format(
                "{}: found pictures of {} in {} classes, but this run was trained on {} in {} classes.",
                found.label, shapeText(found.shape), found.classes.size(),
                shapeText(run.model.preprocessing.shape), run.model.classes.size()));
    const auto [theirs, ours] = std::ranges::mismatch(found.classes, run.model.classes);
    if (theirs != found.classes.end())
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{}: found the class {}, but this run knows {} in its place: name its data, "
                        "or give the folders the same names.",
                        found.label, shortened(*theirs, 60), shortened(*ours, 60)));
    return data;
}

Json orNull(const std::optional<double>& value)
{
    return value ? finiteOrNull(*value) : Json(nullptr);
}

Json classesJson(const ConfusionMatrix& matrix, const std::vector<std::string>& names)
{
    Json list = Json::array();
    for (std::int64_t label = 0; label < matrix.classes(); ++label)
        list.push_back(Json{{"name", names[static_cast<std::size_t>(label)]},
                            {"samples", matrix.support(label)},
                            {"precision", orNull(matrix.precision(label))},
                            {"recall", orNull(matrix.recall(label))},
                            {"f1", orNull(matrix.f1(label))}});
    return list;
}

/// Names and classes of the model; they are as many as the matrix has.
bool fits(const Evaluation& result, const OpenedRun& run)
{
    return result.confusion && result.confusion->classes() == std::ssize(run.model.classes);
}

Json toJson(const Evaluation& result, const OpenedRun& run, bool sameData)
{
    Json json{{"run", pathText(run.folder)},
              {"epoch", run.epoch},
              {"test_loss", finiteOrNull(result.loss)},
              {"test_accuracy", finiteOrNull(result.accuracy)},
              {"samples", result.samples},
              {"same_data", sameData}};
    if (result.top5)
        json["test_top5"] = finiteOrNull(*result.top5);
    if (fits(result, run)) {
        json["f1"] = orNull(result.confusion->meanF1());
        json["classes"] = classesJson(*result.confusion, run.model.classes);
        json["confusion"] = torchdesk::toJson(*result.confusion)["counts"];
    }
    return json;
}

std::string percentOrDash(const std::optional<double>& share)
{
    return share ? percent(*share) : "–";
}

void printClasses(Output& out, const ConfusionMatrix& matrix, const std::vector<std::string>& names)
{
    Table table({{"Class"}, {"Samples", true}, {"Precision", true}, {"Recall", true}, {"F1", true}});
    for (std::int64_t label = 0; label < matrix.classes(); ++label)
        table.add({names[static_cast<std::size_t>(label)], grouped(matrix.support(label)),
                   percentOrDash(matrix.precision(label)), percentOrDash(matrix.recall(label)),
                   percentOrDash(matrix.f1(label))});
    out.line("");
    table.print(out);
}

void print(Output& out, const Evaluation& result, const OpenedRun& run, const std::string& data)
{
    const auto right = std::llround(result.accuracy * static_cast<double>(result.samples));
    out.line(fmt::format("Test accuracy {} ({} of {} right), loss {}", percent(result.accuracy),
                         grouped(right), grouped(result.samples), lossText(result.loss)));
    if (result.top5)
        out.line(
            fmt::format("The label is among the five most probable classes in {}", percent(*result.top5)));
    out.line(out.faint(fmt::format("{} of epoch {} on {}", run.record.modelLabel, run.epoch, data)));
    if (fits(result, run))
        printClasses(out, *result.confusion, run.model.classes);
}

int runEvaluate(Context& context, const EvaluateArguments& arguments)
{
    const auto chosen = arguments.run.find();
    if (!chosen)
        return report(context, chosen.error(), exitWrongUse);
    const auto summary = readRunSummary(chosen->run);
    const auto plan = arguments.changes.changed(summary.record.plan);
    if (!plan)
        return report(context, plan.error(), exitWrongUse);
    const auto ready = openForUse(*chosen, plan->device);
    if (!ready)
        return report(context, ready.error());
    const auto data = dataFor(ready->run, *plan, context.interrupts.token());
    if (!data)
        return report(context, data.error());
    const bool same = data->description.fingerprint == ready->run.record.dataFingerprint;
    if (!same)
        context.out.problem(
            fmt::format("{} is not the data that this run was trained on: its fingerprint differs.",
                        data->description.label));
    const auto all = testSamples(*data);
    if (all.empty())
        return report(context, Error{ErrorKind::InvalidInput,
                                     fmt::format("{} has no test part. Set test_share, or add a folder test.",
                                                 data->description.label),
                                     {}});
    const auto result = ready->predictor->evaluate(*data->test, all, context.interrupts.token());
    if (!result)
        return report(context, result.error());
    if (arguments.json)
        context.out.json(toJson(*result, ready->run, same));
    else
        print(context.out, *result, ready->run, data->description.label);
    return finish(context);
}

} // namespace

Command evaluateCommand(CLI::App& program)
{
    CLI::App* app =
        program.add_subcommand("evaluate", "Measures a run's weights on the test data of its plan.");
    const auto arguments = std::make_shared<EvaluateArguments>();
    arguments->run.addTo(*app);
    arguments->changes.addFlags(*app, {"data", "data_folder", "device"});
    app->add_flag("--json", arguments->json, "Prints an object instead.");
    return {app,
            [arguments](Context& context) { return runEvaluate(context, *arguments); },
            {"torchdesk-cli evaluate last", "torchdesk-cli evaluate 2026-11-23_1412 --weights last"}};
}

} // namespace torchdesk::cli
