// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/progressmeter.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

constexpr double memorySeconds = 3; ///< how far back "the last seconds" reach
constexpr std::int64_t stepsToMeasure = 30;

double between(ProgressMeter::Clock::time_point from, ProgressMeter::Clock::time_point to)
{
    return std::chrono::duration<double>(to - from).count();
}

} // namespace

void ProgressMeter::add(const Event& event, Clock::time_point now)
{
    if (const auto* started = std::get_if<Started>(&event)) {
        *this = ProgressMeter();
        m_started = *started;
        m_startedAt = now;
    } else if (const auto* steps = std::get_if<StepsDone>(&event)) {
        addSteps(*steps);
    } else if (const auto* epoch = std::get_if<EpochDone>(&event)) {
        addEpoch(*epoch, now);
    } else if (const auto* changed = std::get_if<StateChanged>(&event)) {
        addState(changed->state, now);
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
        m_finished = *finished;
        m_paused = false;
    }
}

/// Sums that fade with the training time that has passed since, so that their ratio is a mean over the last
/// seconds.
void ProgressMeter::addSteps(const StepsDone& steps)
{
    if (steps.losses.empty())
        return;
    const double samples = static_cast<double>(steps.samples) / static_cast<double>(steps.losses.size());
    for (const float seconds : steps.seconds) {
        const double fade = std::exp(-static_cast<double>(seconds) / memorySeconds);
        m_recentSeconds = m_recentSeconds * fade + static_cast<double>(seconds);
        m_recentSamples = m_recentSamples * fade + samples;
        m_recentSteps = m_recentSteps * fade + 1;
    }
    m_measuredSteps += static_cast<std::int64_t>(steps.seconds.size());
    m_epoch = steps.epoch;
    m_step = steps.lastStep();
}

/// Over all epochs at once, because a client that drains seldom sees the steps and the end of an epoch
/// together.
void ProgressMeter::addEpoch(const EpochDone& epoch, Clock::time_point now)
{
    m_lastEpoch = epoch;
    m_epoch = epoch.epoch;
    m_step = epoch.lastStep;
    ++m_epochsDone;
    if (std::isfinite(epoch.trainSeconds))
        m_trainSeconds += epoch.trainSeconds;
    const double passed = between(m_startedAt, now) - m_pausedSeconds - m_trainSeconds;
    m_otherSecondsAnEpoch = std::max(0.0, passed / static_cast<double>(m_epochsDone));
}

void ProgressMeter::addState(StateChanged::State state, Clock::time_point now)
{
    const bool paused = state == StateChanged::State::Paused;
    if (paused && !m_paused)
        m_pausedAt = now;
    if (!paused && m_paused)
        m_pausedSeconds += between(m_pausedAt, now);
    m_paused = paused;
}

std::int64_t ProgressMeter::epoch() const
{
    return m_epoch;
}

std::int64_t ProgressMeter::epochs() const
{
    return m_started ? m_started->epochs : 0;
}

std::int64_t ProgressMeter::step() const
{
    return m_step;
}

std::int64_t ProgressMeter::steps() const
{
    return m_started ? m_started->epochs * m_started->stepsPerEpoch : 0;
}

double ProgressMeter::share() const
{
    if (m_finished && m_finished->outcome == Outcome::Completed)
        return 1;
    return steps() == 0 ? 0 : std::min(1.0, static_cast<double>(m_step) / static_cast<double>(steps()));
}

std::optional<double> ProgressMeter::samplesPerSecond() const
{
    if (m_recentSeconds <= 0)
        return std::nullopt;
    return m_recentSamples / m_recentSeconds;
}

std::optional<double> ProgressMeter::secondsLeft() const
{
    if (m_finished)
        return 0;
    if (!m_started || m_measuredSteps < stepsToMeasure || m_recentSteps <= 0)
        return std::nullopt;
    const auto stepsLeft = static_cast<double>(std::max<std::int64_t>(0, steps() - m_step));
    const auto epochsLeft = static_cast<double>(std::max<std::int64_t>(0, epochs() - m_epochsDone));
    return stepsLeft * m_recentSeconds / m_recentSteps + epochsLeft * m_otherSecondsAnEpoch;
}

bool ProgressMeter::paused() const
{
    return m_paused;
}

const std::optional<Finished>& ProgressMeter::finished() const
{
    return m_finished;
}

const std::optional<EpochDone>& ProgressMeter::lastEpoch() const
{
    return m_lastEpoch;
}

} // namespace torchdesk
