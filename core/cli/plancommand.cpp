// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/commands.h"
#include "core/cli/planarguments.h"

#include <CLI/CLI.hpp>

namespace torchdesk::cli {

namespace {

int runPlan(Context& context, const PlanArguments& arguments)
{
    const auto plan = arguments.plan();
    if (!plan)
        return report(context, plan.error(), exitWrongUse);
    std::string hint;
    if (const auto known = checkNames(*plan, &hint); !known)
        return report(context, known.error(), exitWrongUse);
    context.out.line(toJson(*plan).dump(4));
    // The plan is good; only this machine lacks the data.
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
        "the defaults, over them the plan file, the flags, and --set.");
    const auto arguments = std::make_shared<PlanArguments>();
    const auto json = std::make_shared<bool>(false);
    arguments->addTo(*app);
    app->add_flag("--json", *json, "Changes nothing: a plan is always printed as JSON.");
    return {app,
            [arguments, json](Context& context) { return runPlan(context, *arguments); },
            {"torchdesk-cli plan --model lenet --data mnist --epochs 20 > lenet.json",
             "torchdesk-cli train lenet.json",
             "torchdesk-cli plan lenet.json --set optimizer=sgd --set learning_rate=0.01"}};
}

} // namespace torchdesk::cli
