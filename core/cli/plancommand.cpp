// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/commands.h"
#include "core/cli/planarguments.h"

#include <CLI/CLI.hpp>

namespace torchdesk::cli {

namespace {

int runPlan(Context& context, const PlanArguments& arguments)
{
    std::string hint;
    const auto plan = arguments.plan(&hint);
    if (!plan)
        return report(context, plan.error(), exitWrongUse);
    // Data that is still to be named need not fit the model.
    const bool unnamed = !hint.empty();
    const auto known = unnamed ? checkModelName(*plan) : checkNames(*plan, &hint);
    if (!known)
        return report(context, known.error(), exitWrongUse);
    context.out.line(toJson(*plan).dump(4));
    // The plan is good; only the data is not there, or not named.
    if (!hint.empty())
        context.out.problem(hint);
    return finish(context);
}

} // namespace

Command planCommand(CLI::App& program)
{
    CLI::App* app = program.add_subcommand(
        "plan",
        "Prints the complete, checked plan (JSON) that 'train' would run, without training. Values come from "
        "the defaults, over them the plan file or the preset, the flags, and --set.");
    const auto arguments = std::make_shared<PlanArguments>();
    const auto json = std::make_shared<bool>(false);
    arguments->addTo(*app);
    app->add_flag("--json", *json, "Changes nothing: a plan is always printed as JSON.");
    return {app,
            [arguments, json](Context& context) { return runPlan(context, *arguments); },
            {"torchdesk-cli plan --model lenet --data mnist --epochs 20 > lenet.json",
             "torchdesk-cli plan --preset resnet18-pictures --data DIR > pictures.json",
             "torchdesk-cli train lenet.json",
             "torchdesk-cli plan lenet.json --set optimizer=sgd --set learning_rate=0.01"}};
}

} // namespace torchdesk::cli
