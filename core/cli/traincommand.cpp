// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/cli/commands.h"
#include "core/cli/planarguments.h"
#include "core/cli/preparedjob.h"
#include "core/cli/runargument.h"
#include "core/cli/trainloop.h"

#include <CLI/CLI.hpp>

namespace torchdesk::cli {

namespace {

struct TrainArguments
{
    PlanArguments plan;
    std::string runs;
    bool json = false;
    bool control = false;
};

int withoutRun(Context& context, TrainView& view, const Error& error)
{
    view.endWithoutRun(error);
    if (error.kind == ErrorKind::Cancelled)
        return exitSuccess;
    context.out.problem(error.message);
    return exitFailed;
}

int exitCodeOf(Outcome outcome)
{
    return outcome == Outcome::Completed || outcome == Outcome::Stopped ? exitSuccess : exitFailed;
}

int trainWith(Context& context, PreparedJob prepared, TrainView& view, const TrainArguments& arguments)
{
    const std::stop_token stop = context.interrupts.token();
    const Wakeup wakeup;
    Stopwatch watch;
    watch.start();
    const EngineInfo info = prepared.engine->info();
    const auto runs = RunArgument::runsFolderFrom(arguments.runs);
    const auto session = Session::start(prepared.engine, prepared.job, runs, [&wakeup] { wakeup.signal(); });
    if (!session)
        return withoutRun(context, view, session.error());
    view.begin(prepared.job, info, (*session)->folder());
    Finished finished;
    {
        // Runs on the thread that waits for signals, so that a stalled reader of ours delays no stop.
        const std::stop_callback onStop(stop, [&session, &wakeup] {
            (*session)->post(Stop{Stop::When::Now});
            wakeup.signal();
        });
        finished = TrainLoop(**session, view, wakeup, stop, arguments.control).run();
    }
    view.end(finished, watch.seconds());
    if (!context.out.good())
        context.out.problem(context.out.whyBad() + "; the run went on without it.");
    return exitCodeOf(finished.outcome);
}

int runTrain(Context& context, const TrainArguments& arguments)
{
    const auto plan = arguments.plan.plan();
    if (!plan)
        return report(context, plan.error(), exitWrongUse);
    if (const auto known = checkNames(*plan); !known)
        return report(context, known.error(), exitWrongUse);
    const auto view = arguments.json ? makeJsonView(context.out) : makeTextView(context.out);
    auto prepared = prepareForEngine(
        *plan, [&view](double share, const std::string& what) { view->preparing(share, what); },
        context.interrupts.token());
    if (!prepared)
        return withoutRun(context, *view, prepared.error());
    return trainWith(context, std::move(*prepared), *view, arguments);
}

} // namespace

Command trainCommand(CLI::App& program)
{
    CLI::App* app = program.add_subcommand(
        "train",
        "Trains a network and keeps its curves and weights. Without arguments: LeNet on drawn digits. Values "
        "come from the defaults, over them the plan file or the preset, the flags, and --set. Ctrl-C stops "
        "and keeps the weights. A second Ctrl-C ends it at once. Exit code: 0 completed or stopped, 1 failed "
        "or diverged, 2 wrong use, 130 ended at once.");
    const auto arguments = std::make_shared<TrainArguments>();
    arguments->plan.addTo(*app);
    RunArgument::addRunsFolder(*app, arguments->runs);
    app->add_flag("--json", arguments->json, "Prints the events of the run as JSON, one object a line.");
    app->add_flag(
        "--control", arguments->control,
        "Reads commands as JSON lines from standard input: {\"command\":\"pause\"}, resume, stop (with "
        "\"when\":\"now\" or \"after_epoch\"), change (with \"id\":\"learning_rate\" and \"value\"), "
        "snapshot.");
    return {app,
            [arguments](Context& context) { return runTrain(context, *arguments); },
            {"torchdesk-cli train", "torchdesk-cli train --model lenet --data mnist --epochs 20",
             "torchdesk-cli train --preset resnet18-pictures --data DIR",
             "torchdesk-cli train plan.json --set learning_rate=0.01 --json",
             "echo '{\"command\":\"stop\",\"when\":\"after_epoch\"}' | torchdesk-cli train --control"}};
}

} // namespace torchdesk::cli
