// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/figurelog.h"
#include "core/session/engine.h"

#include <chrono>
#include <functional>
#include <optional>

namespace torchdesk {

/// Gathers the figures of steps: sums them for the epoch and tells them in groups, at least every 50 ms, so
/// that neither the trainer nor the watcher pays for each step. Belongs to the trainer's thread.
class StepReport
{
public:
    explicit StepReport(EventSink& sink) : m_sink(sink) {}

    void beginEpoch(std::int64_t epoch, std::int64_t firstStep);
    /// Figures of the next steps, in order; \p samples of each, \p seconds that each took, \p learningRateOf
    /// a step by its number. Steps of one group have one learning rate, so a rate that changes with every
    /// step (warm-up, one cycle) makes a group of every step. Returns the step whose loss is not finite, if
    /// there is one; later figures are dropped.
    std::optional<std::int64_t> add(const std::vector<StepFigures>& figures, std::int64_t batchSize,
                                    std::int64_t trainSamples, double secondsEach,
                                    const std::function<double(std::int64_t)>& learningRateOf);
    /// Tells what has not been told.
    void flush();

    std::int64_t lastStep() const { return m_lastStep; } ///< of those reported
    float lastLoss() const { return m_lastLoss; }
    double meanLoss() const;
    double accuracy() const;
    double seconds() const { return m_seconds; } ///< of this epoch's steps

private:
    void count(const StepFigures& figures, std::int64_t samples, double seconds);

    static constexpr std::chrono::milliseconds interval{50};
    EventSink& m_sink;
    StepsDone m_steps;
    std::chrono::steady_clock::time_point m_since;
    std::int64_t m_lastStep = 0;
    float m_lastLoss = 0;
    double m_lossSum = 0;
    double m_correct = 0;
    double m_seconds = 0;
    std::int64_t m_samples = 0;
};

} // namespace torchdesk
