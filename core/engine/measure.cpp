// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/measure.h"

#include "core/base/clock.h"
#include "core/device/memorygrowth.h"
#include "core/engine/devices.h"
#include "core/engine/evaluation.h"
#include "core/engine/snapshot.h"
#include "core/engine/trainingsetup.h"

#include <algorithm>

namespace torchdesk {

namespace {

constexpr int warmUpSteps = 3;
constexpr int mostSteps = 10;
constexpr int fewestSteps = 3;
constexpr double enoughSeconds = 1.0;

/// The number of threads belongs to the calling thread, which is not ours: put back as it was.
class KeepThreads
{
public:
    KeepThreads() : m_before(at::get_num_threads()) {}
    ~KeepThreads() { at::set_num_threads(m_before); }
    KeepThreads(const KeepThreads&) = delete;
    KeepThreads& operator=(const KeepThreads&) = delete;

private:
    int m_before;
};

class Measuring
{
public:
    Measuring(TrainingSetup& setup, std::stop_token stop)
        : m_setup(setup), m_stop(std::move(stop)), m_order(setup.order(1))
    {}

    /// Seconds of one step; nullopt where it was stopped.
    std::optional<double> stepSeconds()
    {
        for (int i = 0; i < warmUpSteps; ++i)
            if (!step())
                return std::nullopt;
        Stopwatch watch;
        watch.start();
        int done = 0;
        while (done < mostSteps && (done < fewestSteps || watch.seconds() < enoughSeconds)) {
            if (!step())
                return std::nullopt;
            ++done;
        }
        return watch.seconds() / done;
    }

    /// Seconds of one sample that is only evaluated; the first batch warms up.
    std::optional<double> sampleSeconds()
    {
        const at::Tensor few = m_order.slice(0, 0, m_setup.network.evaluationBatch()).to(m_setup.device);
        const auto stopped = [this] { return m_stop.stop_requested(); };
        if (!evaluate(m_setup.step(), few.size(0), m_setup.train, few, stopped))
            return std::nullopt;
        Stopwatch watch;
        watch.start();
        if (!evaluate(m_setup.step(), few.size(0), m_setup.train, few, stopped))
            return std::nullopt;
        return watch.seconds() / static_cast<double>(few.size(0));
    }

private:
    bool step()
    {
        if (m_stop.stop_requested())
            return false;
        const std::int64_t samples = m_order.size(0);
        const std::int64_t size = std::min(m_setup.job.plan.batchSize, samples);
        const std::int64_t first = (m_step * size) % (samples - size + 1);
        ++m_step;
        m_setup.step().run(m_setup.batches.gather(m_order.slice(0, first, first + size), 1, first), m_step,
                           m_setup.job.plan.learningRate, m_step % m_setup.job.plan.recipe.accumulation == 0);
        m_setup.figures.take(true);
        return true;
    }

    TrainingSetup& m_setup;
    std::stop_token m_stop;
    at::Tensor m_order;
    std::int64_t m_step = 0;
};

} // namespace

Expected<Measurement> measureJob(const TrainingJob& job, std::stop_token stop)
{
    const KeepThreads keepThreads;
    const MemoryGrowth growth;
    Stopwatch begin;
    begin.start();
    auto setup = TrainingSetup::make(job, [&stop] { return stop.stop_requested(); });
    const double beginSeconds = begin.seconds(); // trying steps takes time of a training too
    if (!setup)
        return failure(setup);
    resetPeakMemory((*setup)->device);
    Measuring measuring(**setup, stop);
    const auto step = measuring.stepSeconds();
    const auto sample = step ? measuring.sampleSeconds() : std::nullopt;
    if (!sample)
        return failure(ErrorKind::Cancelled, "Measuring was stopped");
    // A training holds its last and its best epoch while it copies the next one.
    std::vector<std::shared_ptr<const Snapshot>> held;
    while (std::ssize(held) < std::min<std::int64_t>(job.plan.epochs, 3))
        held.push_back(takeSnapshot(**setup, 1, 1, false));

    Measurement result;
    result.device = deviceName((*setup)->device);
    result.peakBytes = (*setup)->device.is_cpu() ? growth.bytes() : peakMemory((*setup)->device);
    result.secondsPerEpoch = *step * static_cast<double>(job.stepsPerEpoch()) +
                             *sample * static_cast<double>(job.split.validation.size());
    // The test is done with the best and with the last weights.
    result.secondsInAll = beginSeconds + result.secondsPerEpoch * static_cast<double>(job.plan.epochs) +
                          2 * *sample * static_cast<double>((*setup)->testIndices.size(0));
    return result;
}

} // namespace torchdesk
