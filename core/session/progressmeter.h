// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/events.h"

#include <optional>

namespace torchdesk
{

/// Follows events and tells how far a run is: what the run bar and the terminal show. A value without threads.
class ProgressMeter
{
public:
    void add(const Event& event);

    std::int64_t epoch() const; ///< the one going on, from 1; 0 before the first step
    std::int64_t epochs() const;
    std::int64_t step() const; ///< global, of the last one done
    double share() const; ///< 0 … 1 of all steps
    /// Samples a second over the last seconds of training.
    std::optional<double> samplesPerSecond() const;
    /// Training, validation and saving that is still to come; nullopt for the first 30 steps ("measuring…").
    std::optional<double> secondsLeft() const;
    bool paused() const;
    const std::optional<Finished>& finished() const;
    const std::optional<EpochDone>& lastEpoch() const;

private:
    std::optional<Started> m_started;
    std::optional<EpochDone> m_lastEpoch;
    std::optional<Finished> m_finished;
    std::int64_t m_epoch = 0;
    std::int64_t m_step = 0;
    std::int64_t m_measuredSteps = 0;
    double m_secondsAStep = 0; ///< running average
    double m_samplesAStep = 0;
    double m_validationSeconds = 0; ///< of the last epoch, as seen between its last step and its EpochDone
    bool m_paused = false;
};

} // namespace torchdesk
