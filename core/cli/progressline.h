// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/progressmeter.h"

#include <string>

namespace torchdesk::cli {

/// What a run is doing at the moment, as one line for a terminal. A value without threads.
class ProgressLine
{
public:
    void add(const Event& event);
    /// At most \p width columns: where it is narrow, first the bar goes, then words, then the less telling
    /// figures.
    std::string text(int width) const;

private:
    /// A running mean of the last 20 steps or so, debiased, so that the figures can be read.
    class Mean
    {
    public:
        void add(double value);
        double value() const { return m_weight > 0 ? m_sum / m_weight : 0; }

    private:
        double m_sum = 0;
        double m_weight = 0;
    };

    std::string activity() const;
    std::string speed(const char* unit) const;
    std::string full() const;
    std::string brief() const;

    ProgressMeter m_meter;
    Mean m_loss;
    Mean m_accuracy;
    std::int64_t m_steps = 0;
    StateChanged::State m_state = StateChanged::State::Running;
};

/// A bar of \p width columns, \p share of it filled.
std::string progressBar(double share, int width);

} // namespace torchdesk::cli
