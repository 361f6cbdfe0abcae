// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/trainloop.h"

#include "core/base/text.h"
#include "core/device/processorfeatures.h"
#include "core/device/systemmonitor.h"
#include "core/engine/devices.h"
#include "core/engine/snapshot.h"
#include "core/run/runrecord.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

using State = StateChanged::State;

TrainLoop::TrainLoop(const TrainingJob& job, EventSink& sink, Mailbox& mailbox)
    : m_job(job), m_sink(sink), m_mailbox(mailbox), m_report(sink), m_rate(job.plan, job.stepsPerEpoch())
{}

Finished TrainLoop::run()
{
    // Whoever says something is not kept waiting.
    auto setup = TrainingSetup::make(m_job, [this] { return !m_mailbox.empty(); });
    if (!setup) {
        Finished failed = finished(Outcome::Failed);
        failed.message = setup.error().message;
        return failed;
    }
    m_setup = std::move(*setup);
    start();
    while (m_epoch < m_job.plan.epochs && m_end == End::None) {
        ++m_epoch;
        releaseFrozen();
        trainEpoch();
        if (m_end == End::None || m_end == End::StopAfterEpoch)
            finishEpoch();
    }
    switch (m_end) {
    case End::StopNow:
        return finishStopped();
    case End::Diverged:
        return finishDiverged();
    case End::StopAfterEpoch:
        // Asked for in the last epoch it changes nothing.
        return finishTested(m_epoch < m_job.plan.epochs ? Outcome::Stopped : Outcome::Completed);
    case End::Early:
    case End::None:
        break;
    }
    return finishTested(Outcome::Completed);
}

void TrainLoop::start()
{
    const int threads = threadCount(m_job.plan);
    Started started;
    started.device = deviceName(m_setup->device);
    started.deviceLabel = deviceLabel(m_setup->device, threads);
    started.step = m_setup->step().name();
    started.tried = m_setup->choice.tried;
    started.threads = threads;
    started.epochs = m_job.plan.epochs;
    started.stepsPerEpoch = m_job.stepsPerEpoch();
    started.trainSamples = static_cast<std::int64_t>(m_job.split.train.size());
    started.validationSamples = static_cast<std::int64_t>(m_job.split.validation.size());
    started.testSamples = m_setup->testIndices.size(0);
    m_sink.put(started);
    if (m_job.start)
        m_sink.put(Notice{Notice::Severity::Information, m_job.start->summary});
    if (!m_setup->choice.why.empty())
        m_sink.put(Notice{Notice::Severity::Information, m_setup->choice.why});
    warnOfThreads(threads);
    warnOfPrecision();
    enter(State::Running);
}

/// Not fewer than the plan says: with another number the sums, and so the losses, are not the same.
void TrainLoop::warnOfThreads(int threads)
{
    const int cores = availableCores();
    if (threads <= cores)
        return;
    m_sink.put(Notice{Notice::Severity::Warning,
                      "Threads: found " + std::to_string(threads) + ", but " + std::to_string(cores) +
                          (cores == 1 ? " core is" : " cores are") +
                          " free for this program: the training is slowed. Set threads to 0 for one each."});
}

/// What the plan says of precision and the device cannot do, or only slowly.
void TrainLoop::warnOfPrecision()
{
    if (!m_setup->device.is_cpu())
        return;
    const auto say = [this](Notice::Severity severity, const char* text) {
        m_sink.put(Notice{severity, text});
    };
    const std::string& precision = m_job.plan.recipe.precision;
    const std::string& step = m_job.plan.recipe.step;
    if (precision == "tf32")
        return say(Notice::Severity::Information,
                   "Precision: TF32 exists on NVIDIA cards only; the processor computes in fp32.");
    if (precision != "bf16")
        return;
    if (step == "lane")
        return say(Notice::Severity::Information, "Precision: lanes compute in fp32.");
    if (hasFastBf16())
        return;
    if (step == "eager")
        return say(Notice::Severity::Warning,
                   "Precision: this processor has no instructions for bf16, so it is slower than fp32. Set "
                   "precision to fp32.");
    say(Notice::Severity::Information,
        "Precision: this processor has no instructions for bf16, so it computes in fp32.");
}

/// Of a few classes there is no top-5 accuracy, of very many no F1.
void TrainLoop::warnOfBestBy(const EpochDone& row)
{
    const std::string& name = m_job.plan.recipe.bestBy;
    if (row.validationAccuracy && name != "loss" && !risingFigure(row, name))
        m_sink.put(Notice{Notice::Severity::Warning, "Best epoch by " + name + ": of " +
                                                         std::to_string(m_job.model.classes) +
                                                         " classes it is not measured, so the accuracy "
                                                         "tells the best epoch."});
}

/// Does the batch (from 0) end a group of gradient accumulation? The last batch of an epoch always does.
bool TrainLoop::updatesAt(std::int64_t batch) const
{
    return (batch + 1) % m_job.plan.recipe.accumulation == 0 || batch + 1 == m_job.stepsPerEpoch();
}

void TrainLoop::releaseFrozen()
{
    if (!m_job.start || m_job.start->frozenNodes == 0 || m_epoch != m_job.plan.start.releaseEpoch)
        return;
    if (const auto released = m_setup->release(); !released) {
        m_sink.put(Notice{Notice::Severity::Warning, released.error().message});
        return;
    }
    m_sink.put(Notice{Notice::Severity::Information, "From epoch " + std::to_string(m_epoch) +
                                                         " on everything is trained, what was frozen at " +
                                                         toText(m_job.plan.start.releaseRate) +
                                                         " of the learning rate."});
}

void TrainLoop::trainEpoch()
{
    const at::Tensor order = m_setup->order(m_epoch);
    m_report.beginEpoch(m_epoch, m_step + 1);
    const std::int64_t samples = order.size(0);
    for (std::int64_t first = 0; first < samples; first += m_job.plan.batchSize) {
        handleCommands();
        if (m_end == End::StopNow)
            break;
        m_training.start();
        const Batch batch = m_setup->batches.gather(
            order.slice(0, first, std::min(first + m_job.plan.batchSize, samples)), m_epoch, first);
        m_setup->step().run(batch, m_step + 1, m_rate.at(m_step + 1),
                            updatesAt(first / m_job.plan.batchSize));
        ++m_step; // not where it threw: the weights are those before
        collect(false);
        if (m_end == End::Diverged)
            break;
    }
    m_training.start();
    collect(true);
    m_training.pause();
    m_report.flush();
}

void TrainLoop::collect(bool all)
{
    const std::vector<StepFigures> figures = m_setup->figures.take(all);
    if (figures.empty() || m_end == End::Diverged)
        return;
    const double now = m_training.seconds();
    const double each = (now - m_reportedSeconds) / static_cast<double>(figures.size());
    m_reportedSeconds = now;
    const auto samples = static_cast<std::int64_t>(m_job.split.train.size());
    const auto rateOf = [this](std::int64_t step) { return m_rate.at(step); };
    if (m_report.add(figures, m_job.plan.batchSize, samples, each, rateOf))
        m_end = End::Diverged;
}

void TrainLoop::finishEpoch()
{
    EpochDone row;
    row.epoch = m_epoch;
    row.lastStep = m_step;
    row.trainLoss = m_report.meanLoss();
    row.trainAccuracy = m_report.accuracy();
    row.trainSeconds = m_report.seconds();
    row.learningRate = m_rate.at(m_step);
    if (m_setup->validation.size(0) > 0) {
        enter(State::Validating);
        const auto figures = evaluate(
            m_setup->step(), m_setup->network.evaluationBatch(), m_setup->train, m_setup->validation,
            [this] { return stopsNow(); }, m_job.plan.recipe.bestBy == "f1");
        if (!figures)
            return;
        row.validationLoss = figures->loss;
        row.validationAccuracy = figures->accuracy;
        row.validationTop5 = figures->top5;
        if (figures->confusion)
            row.validationF1 = figures->confusion->meanF1();
    }
    // The last step may have broken the weights, although its loss, measured before it, was finite.
    if (!m_setup->network.allFinite() || !std::isfinite(row.validationLoss.value_or(0))) {
        m_sink.put(row);
        m_end = End::Diverged;
        return;
    }
    if (!m_best)
        warnOfBestBy(row);
    row.best = !m_best || isBetter(row, *m_best, m_job.plan.recipe.bestBy);
    keepSnapshot(row);
    m_sink.put(row);
    m_sink.put(SnapshotReady{m_lastSnapshot});
    if (m_epoch < m_job.plan.epochs) {
        stopWithoutGain();
        adjustRate(row);
    }
    if (m_end == End::None && m_epoch < m_job.plan.epochs && m_setup->validation.size(0) > 0)
        enter(State::Running);
}

void TrainLoop::stopWithoutGain()
{
    const std::int64_t patience = m_job.plan.recipe.earlyStopping;
    if (patience == 0 || m_end != End::None || m_epoch - bestEpoch() < patience)
        return;
    m_end = End::Early;
    m_sink.put(Notice{Notice::Severity::Information, "Stopped early after epoch " + std::to_string(m_epoch) +
                                                         ": no epoch was better than " +
                                                         std::to_string(bestEpoch()) + " by the validation " +
                                                         m_job.plan.recipe.bestBy + "."});
}

/// A plateau is measured by the figure that tells the best epoch; without validation by the training loss.
void TrainLoop::adjustRate(const EpochDone& row)
{
    auto rising = risingFigure(row, m_job.plan.recipe.bestBy);
    if (!rising && m_job.plan.recipe.bestBy != "loss")
        rising = row.validationAccuracy; // as isBetter() does
    const double figure = rising.value_or(row.validationLoss.value_or(row.trainLoss));
    if (const auto reduced = m_rate.finishEpoch(figure, rising.has_value(), m_step + 1))
        m_sink.put(SettingChanged{"learning_rate", *reduced, m_step + 1});
}

void TrainLoop::keepSnapshot(const EpochDone& row)
{
    m_lastSnapshot = takeSnapshot(*m_setup, row.epoch, row.lastStep, row.best);
    if (row.best) {
        m_best = row;
        m_bestSnapshot = m_lastSnapshot;
    }
}

} // namespace torchdesk
