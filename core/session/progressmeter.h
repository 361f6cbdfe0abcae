// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/events.h"

#include <chrono>
#include <optional>

namespace torchdesk {

/// Follows events and tells how far a run is: what the run bar and the terminal show. A value without
/// threads.
class ProgressMeter
{
public:
    using Clock = std::chrono::steady_clock;

    /// \p now is when the event came; tests give their own.
    void add(const Event& event, Clock::time_point now = Clock::now());

    std::int64_t epoch() const; ///< the one going on, from 1; 0 before the first step
    std::int64_t epochs() const;
    std::int64_t step() const;  ///< global, of the last one done
    std::int64_t steps() const; ///< of all epochs together; 0 before Started
    double share() const;       ///< 0 … 1 of all steps
    /// Samples a second over the last seconds of training.
    std::optional<double> samplesPerSecond() const;
    /// Training, validation and saving that is still to come, in seconds; nullopt for the first 30 steps
    /// ("measuring…"). What an epoch takes beside its steps is known once the first one is over.
    std::optional<double> secondsLeft() const;
    bool paused() const;
    const std::optional<Finished>& finished() const;
    const std::optional<EpochDone>& lastEpoch() const;

private:
    void addSteps(const StepsDone& steps);
    void addEpoch(const EpochDone& epoch, Clock::time_point now);
    void addState(StateChanged::State state, Clock::time_point now);

    std::optional<Started> m_started;
    std::optional<EpochDone> m_lastEpoch;
    std::optional<Finished> m_finished;
    std::int64_t m_epoch = 0;
    std::int64_t m_step = 0;
    std::int64_t m_measuredSteps = 0;
    std::int64_t m_epochsDone = 0;
    double m_recentSeconds = 0;
    double m_recentSamples = 0;
    double m_recentSteps = 0;
    double m_trainSeconds = 0; ///< of the epochs that are over
    double m_pausedSeconds = 0;
    double m_otherSecondsAnEpoch = 0; ///< validation and saving: wall-clock less training and pauses
    Clock::time_point m_startedAt{};
    Clock::time_point m_pausedAt{};
    bool m_paused = false;
};

} // namespace torchdesk
