// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/engine/evaluation.h"
#include "core/engine/mailbox.h"
#include "core/engine/stepreport.h"
#include "core/engine/trainingsetup.h"
#include "core/plan/learningrate.h"

namespace torchdesk {

/// One training from the first step to its last test figures. Lives on the trainer's thread, which owns every
/// tensor.
class TrainLoop
{
public:
    TrainLoop(const TrainingJob& job, EventSink& sink, Mailbox& mailbox);

    /// Trains to the end, a stop or a loss that is not finite. May throw c10::Error (no memory, a device that
    /// is gone). The result still has to be put into the sink.
    Finished run();
    /// After run() threw: tells the steps that were done and keeps the weights, if they can still be read and
    /// are finite. Never throws.
    void salvage() noexcept;
    /// How far it came, for a run that failed.
    std::int64_t lastStep() const { return m_report.lastStep(); }
    std::int64_t bestEpoch() const { return m_best ? m_best->epoch : 0; }

private:
    enum class End
    {
        None,
        StopNow,
        StopAfterEpoch,
        Early, ///< no better epoch came for as long as the plan waits
        Diverged
    };

    void start();
    void warnOfThreads(int threads);
    void warnOfPrecision();
    /// Where the plan releases in this epoch what was frozen.
    void releaseFrozen();
    void warnOfBestBy(const EpochDone& row);
    void trainEpoch();
    /// Takes the figures that have come back. \p all waits for every step.
    void collect(bool all);
    void finishEpoch();
    void keepSnapshot(const EpochDone& row);
    void adjustRate(const EpochDone& row);
    void stopWithoutGain();
    bool updatesAt(std::int64_t stepOfEpoch) const;

    // commands
    void handleCommands();
    void handle(const Command& command);
    void pause();
    void change(const Change& change);
    bool stopsNow();

    // the end
    Finished finished(Outcome outcome) const;
    bool lastIsBest() const;
    Finished finishStopped();
    std::string whatDiverged() const;
    Finished finishDiverged();
    Finished finishTested(Outcome outcome);
    std::optional<Evaluation> test();
    void enter(StateChanged::State state) { m_sink.put(StateChanged{state}); }

    const TrainingJob& m_job;
    EventSink& m_sink;
    Mailbox& m_mailbox;
    std::unique_ptr<TrainingSetup> m_setup;
    StepReport m_report;
    Stopwatch m_training; ///< runs during steps only
    double m_reportedSeconds = 0;
    LearningRate m_rate;
    std::int64_t m_epoch = 0; ///< the one going on, or the last one
    std::int64_t m_step = 0;  ///< handed to the device
    End m_end = End::None;
    bool m_paused = false;
    bool m_testing = false;
    std::optional<EpochDone> m_best;
    std::shared_ptr<const Snapshot> m_bestSnapshot;
    std::shared_ptr<const Snapshot> m_lastSnapshot;
};

} // namespace torchdesk
