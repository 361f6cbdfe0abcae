// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/fakeengine.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace torchdesk {

/// What a fake trainer was told and has not done yet. Any thread; nothing here blocks but the waits.
class FakeOrders
{
public:
    void take(const Command& command);
    /// Wakes every wait, for good: the trainer goes away.
    void abandon();
    /// False where the trainer goes away before Start came.
    bool waitForStart();
    /// Returns when resumed or stopped.
    void waitWhilePaused();
    /// Waits, or returns at once when a stop comes.
    void waitFor(double seconds);
    bool paused() const;
    bool stopNow() const;
    bool stopAfterEpoch() const;
    std::optional<Change> nextChange();
    bool nextSnapshot();

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_started = false;
    bool m_paused = false;
    bool m_stopNow = false;
    bool m_stopAfterEpoch = false;
    bool m_snapshot = false;
    std::vector<Change> m_changes;
};

/// Puts a run's events with made-up figures: losses fall exponentially, accuracies rise, both a little noisy,
/// all a function of the plan. Its thread does one step after the other and looks at its orders in between.
class FakeTrainer final : public Trainer
{
public:
    FakeTrainer(TrainingJob job, FakeScript script, std::shared_ptr<EventSink> sink);
    ~FakeTrainer() override;
    void post(const Command& command) noexcept override;

private:
    void run();
    void begin();
    bool trainEpoch(std::int64_t epoch);
    void obey();
    /// False where the run ends at this step.
    bool doStep(std::int64_t epoch, std::int64_t count);
    void flush();
    void finishEpoch(std::int64_t epoch);
    void putSnapshot(bool best);
    void finishTested(Outcome outcome);
    void finish(Outcome outcome, std::string message);
    double lossNow() const;

    TrainingJob m_job;
    FakeScript m_script;
    std::shared_ptr<EventSink> m_sink;
    FakeOrders m_orders;
    StepsDone m_steps; ///< gathered for the next event
    std::optional<EpochDone> m_best;
    std::int64_t m_step = 0;
    std::int64_t m_epoch = 0; ///< the last one that is over
    bool m_stopping = false;  ///< Stopping was told
    double m_learningRate = 0;
    double m_progress = 0; ///< 0 … 1 at the plan's learning rate
    double m_epochLoss = 0;
    double m_epochAccuracy = 0;
    std::thread m_thread;
};

/// F32 tensors with the model's names and shapes, the same for the same seed and step.
std::vector<NamedTensor> fakeWeights(const LoweredModel& model, std::uint64_t seed, std::int64_t step);

} // namespace torchdesk
