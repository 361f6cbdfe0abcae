// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/openedrun.h"
#include "core/cli/planarguments.h"
#include "core/cli/runargument.h"
#include "core/cli/table.h"
#include "core/data/picture.h"
#include "core/model/softmax.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

struct PredictArguments
{
    WeightsArgument run;
    PlanArguments changes;
    std::vector<std::string> files;
    bool json = false;
};

struct Candidate
{
    std::size_t index = 0;
    double probability = 0;
};

constexpr std::size_t shownCandidates = 3;

/// The likeliest first.
std::vector<Candidate> ranked(const std::vector<float>& logits)
{
    std::vector<Candidate> candidates;
    for (const double probability : softmax(logits))
        candidates.push_back({candidates.size(), probability});
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.probability > b.probability; });
    candidates.resize(std::min(candidates.size(), shownCandidates));
    return candidates;
}

Expected<std::vector<Candidate>> predict(ReadyRun& ready, const std::string& file)
{
    const auto picture = readPicture(userPath(file));
    if (!picture)
        return failure(picture);
    const auto sample = toSample(*picture, ready.run.model.preprocessing);
    const auto logits = ready.predictor->logits(sample, 1);
    if (!logits)
        return failure(logits);
    if (logits->empty() ||
        !std::all_of(logits->begin(), logits->end(), [](float x) { return std::isfinite(x); }))
        return failure(ErrorKind::InvalidInput,
                       file + ": the network's answer is not a number; its weights are damaged.");
    return ranked(*logits);
}

std::string className(const ReadyRun& ready, std::size_t index)
{
    const auto& classes = ready.run.model.classes;
    return index < classes.size() ? classes[index] : std::to_string(index);
}

Json toJson(const ReadyRun& ready, const std::string& file, const std::vector<Candidate>& candidates)
{
    Json top = Json::array();
    for (const Candidate& one : candidates)
        top.push_back(Json{{"class", className(ready, one.index)},
                           {"index", one.index},
                           {"probability", finiteOrNull(one.probability)}});
    return Json{{"file", file},
                {"class", top[0]["class"]},
                {"index", top[0]["index"]},
                {"probability", top[0]["probability"]},
                {"top", top}};
}

std::vector<std::string> cells(const ReadyRun& ready, const std::string& file,
                               const std::vector<Candidate>& candidates)
{
    std::vector<std::string> row = {shortened(file, 400)};
    for (const Candidate& one : candidates) {
        row.push_back(className(ready, one.index));
        row.push_back(percent(one.probability, 1));
    }
    row.resize(1 + 2 * shownCandidates);
    return row;
}

/// Every picture that can be read is answered; false where one could not.
bool predictAll(Context& context, ReadyRun& ready, const PredictArguments& arguments)
{
    bool good = true;
    Json list = Json::array();
    Table table({{"File"}, {"Class"}, {"Probability", true}, {"Second"}, {"", true}, {"Third"}, {"", true}});
    for (const std::string& file : arguments.files) {
        if (context.interrupts.token().stop_requested()) {
            context.out.problem("stopped: the other pictures were not looked at.");
            good = false;
            break;
        }
        const auto candidates = predict(ready, file);
        good = good && candidates;
        if (candidates) {
            list.push_back(toJson(ready, file, *candidates));
            table.add(cells(ready, file, *candidates));
        } else {
            list.push_back(Json{{"file", file}, {"error", candidates.error().message}});
            context.out.problem(candidates.error().message);
        }
    }
    if (arguments.json)
        context.out.json(list);
    else if (!table.empty())
        table.print(context.out);
    return good;
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
    CLI::App* app = program.add_subcommand("predict", "Tells what a run's network sees in pictures (PNG or "
                                                      "JPEG), which are prepared as the run was trained.");
    const auto arguments = std::make_shared<PredictArguments>();
    arguments->run.addTo(*app);
    app->add_option("FILE", arguments->files, "Pictures.")->required()->expected(1, 1 << 20);
    arguments->changes.addFlags(*app, {"device"});
    app->add_flag("--json", arguments->json, "Prints an array of objects instead.");
    return {app,
            [arguments](Context& context) { return runPredict(context, *arguments); },
            {"torchdesk-cli predict last digit.png", "torchdesk-cli predict last --json *.png"}};
}

} // namespace torchdesk::cli
