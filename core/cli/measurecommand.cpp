// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/cli/commands.h"
#include "core/cli/planarguments.h"
#include "core/cli/preparedjob.h"
#include "core/device/memorygrowth.h"
#include "core/session/shorterplans.h"
#include "core/session/startadvice.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace torchdesk::cli {

namespace {

/// What a training takes, in bytes. The parts may count some pages twice, so that all of them together bound
/// what the process holds.
struct Memory
{
    std::uint64_t program = 0;  ///< this program with what it has read
    std::uint64_t samples = 0;  ///< of larger sets, which lie in a file, as far as memory is free
    std::uint64_t training = 0; ///< measured: on the processor beside the two, else of the device

    std::uint64_t together() const { return program + samples + training; }
};

std::uint64_t sampleBytes(const std::shared_ptr<const SampleStore>& store)
{
    return store ? store->samples().size() : 0;
}

/// How the plan begins is worth a sentence before it is trained.
std::vector<std::string> advice(const TrainingJob& job)
{
    std::vector<std::string> sentences;
    for (const DataNotice& notice : startNotices(job))
        sentences.push_back(notice.message);
    return sentences;
}

Json measurementJson(const Measurement& measured, const Memory& memory,
                     const std::vector<ShorterPlan>& shorter, const std::vector<std::string>& notices)
{
    Json offers = Json::array();
    for (const ShorterPlan& each : shorter)
        offers.push_back({{"model", each.plan.model},
                          {"train_share", each.plan.trainShare},
                          {"seconds_in_all", each.secondsInAll}});
    return Json{{"device", measured.device},
                {"seconds_per_epoch", measured.secondsPerEpoch},
                {"seconds_in_all", measured.secondsInAll},
                {"training_bytes", memory.training},
                {"sample_bytes", memory.samples},
                {"program_bytes", memory.program},
                {"shorter", offers},
                {"notices", notices}};
}

std::string settingOf(const ShorterPlan& shorter)
{
    return shorter.way == ShorterPlan::Way::FewerSamples
               ? fmt::format("--set train_share={}", toText(shorter.plan.trainShare))
               : fmt::format("--model {}", shorter.plan.model);
}

void printMeasurement(Output& out, const Measurement& measured, const Memory& memory,
                      const std::vector<ShorterPlan>& shorter, const std::vector<std::string>& notices)
{
    out.line(fmt::format("Time    about {} an epoch, {} in all, on {}", duration(measured.secondsPerEpoch),
                         duration(measured.secondsInAll), measured.device));
    if (memory.training == 0)
        out.line("Memory  could not be measured here");
    else if (measured.device == "cpu")
        out.line(fmt::format("Memory  up to {}: the program {}, the samples {}, the training {}",
                             byteSize(memory.together()), byteSize(memory.program), byteSize(memory.samples),
                             byteSize(memory.training)));
    else
        out.line(fmt::format("Memory  {} of {}", byteSize(memory.training), measured.device));
    for (const ShorterPlan& each : shorter)
        out.line(fmt::format("Shorter {}: about {} in all", settingOf(each), duration(each.secondsInAll)));
    for (const std::string& notice : notices)
        out.line("Note    " + notice);
}

int runMeasure(Context& context, const PlanArguments& arguments, bool json)
{
    const auto plan = arguments.plan();
    if (!plan)
        return report(context, plan.error(), exitWrongUse);
    if (const auto known = checkNames(*plan); !known)
        return report(context, known.error(), exitWrongUse);
    const std::stop_token stop = context.interrupts.token();
    const auto prepared = prepareForEngine(*plan, {}, stop);
    if (!prepared)
        return report(context, prepared.error());
    const TrainingJob& job = prepared->job;
    Memory memory;
    memory.program = residentBytes();
    memory.samples = sampleBytes(job.data.train) + sampleBytes(job.data.test);
    const auto measured = prepared->engine->measure(job, stop);
    if (!measured)
        return report(context, measured.error());
    memory.training = measured->peakBytes;
    const std::vector<ShorterPlan> shorter = shorterPlans(job, *measured);
    if (json)
        context.out.json(measurementJson(*measured, memory, shorter, advice(job)));
    else
        printMeasurement(context.out, *measured, memory, shorter, advice(job));
    return finish(context);
}

} // namespace

Command measureCommand(CLI::App& program)
{
    CLI::App* app = program.add_subcommand(
        "measure",
        "Tells how long a plan would train and how much memory it would take. Does a few steps of it and "
        "keeps nothing. Where it is more than half an hour, shorter plans are named.");
    const auto arguments = std::make_shared<PlanArguments>();
    const auto json = std::make_shared<bool>(false);
    arguments->addTo(*app);
    app->add_flag("--json", *json, "Prints an object: seconds, bytes and notices.");
    return {app,
            [arguments, json](Context& context) { return runMeasure(context, *arguments, *json); },
            {"torchdesk-cli measure --model resnet18 --data DIR", "torchdesk-cli measure plan.json --json"}};
}

} // namespace torchdesk::cli
