// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a training by themselves: bench_job PLAN [LANES]. LANES: steps as on a processor with vectors
// of 8 or 4 floats, if this one has longer ones. Opens the plan's data, prints the seconds that took, then
// answers each line of standard input with the seconds of what it names: "epoch" gathers the batches of the
// next epoch, "steps N" does N training steps on one batch. So a peer can take turns with it.
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/threading.h"
#include "core/engine/lanestep.h"
#include "core/engine/trainingsetup.h"

#include <cstdio>
#include <iostream>

using namespace torchdesk;

namespace {

void answer(double seconds)
{
    std::printf("%s\n", toText(seconds).c_str());
    std::fflush(stdout);
}

double epochSeconds(TrainingSetup& setup, std::int64_t epoch)
{
    Stopwatch watch;
    watch.start();
    const at::Tensor order = setup.order(epoch);
    const std::int64_t size = setup.job.plan.batchSize;
    for (std::int64_t first = 0; first < order.size(0); first += size)
        setup.batches.gather(order.slice(0, first, first + size), epoch, first);
    return watch.seconds();
}

double stepSeconds(TrainingSetup& setup, std::int64_t count, std::int64_t& step)
{
    const at::Tensor order = setup.order(1).slice(0, 0, setup.job.plan.batchSize);
    Stopwatch watch;
    watch.start();
    for (std::int64_t i = 0; i < count; ++i) {
        setup.step().run(setup.batches.gather(order, 1, 0), ++step, setup.job.plan.learningRate);
        setup.figures.take(true);
    }
    return watch.seconds();
}

Expected<void> useLanes(TrainingSetup& setup, int most)
{
    auto step = LaneStep::make(setup.job, setup.network, *setup.optimizer, setup.figures, {},
                               threadCount(setup.job.plan), lane::kernelsHere(most));
    if (!step)
        return failure(step);
    setup.choice.step = std::move(*step);
    setup.batches.setRaw(true);
    return {};
}

int run(const std::string& file, int lanes)
{
    Stopwatch watch;
    watch.start();
    const auto plan = readPlan(file);
    const auto job = plan ? prepareJob(*plan) : failure(plan);
    if (!job) {
        std::fprintf(stderr, "bench_job: %s\n", job.error().message.c_str());
        return 1;
    }
    const double opened = watch.seconds();
    const auto setup = TrainingSetup::make(*job);
    if (!setup) {
        std::fprintf(stderr, "bench_job: %s\n", setup.error().message.c_str());
        return 1;
    }
    if (lanes > 0)
        if (const auto used = useLanes(**setup, lanes); !used) {
            std::fprintf(stderr, "bench_job: %s\n", used.error().message.c_str());
            return 1;
        }
    answer(opened);
    std::int64_t epoch = 0;
    std::int64_t step = 0;
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "epoch")
            answer(epochSeconds(**setup, ++epoch));
        else if (line.starts_with("steps "))
            answer(stepSeconds(**setup, static_cast<std::int64_t>(toUnsigned(line.substr(6)).value_or(1)),
                               step));
    }
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    prepareThreading(argv);
    if (argc != 2 && argc != 3)
        return 2;
    return run(argv[1], argc == 3 ? static_cast<int>(toUnsigned(argv[2]).value_or(0)) : 0);
}
