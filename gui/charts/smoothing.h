// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

namespace torchdesk {

/// TensorBoard's debiased exponential moving average: with weight w and s₀ = 0,
///     sₙ = w sₙ₋₁ + (1 − w) yₙ,    shown is sₙ / (1 − wⁿ),
/// where n counts finite values only; a value that is not finite is handed through and changes nothing.
/// (tensorboard/components/vz_line_chart2/line-chart.ts, resmoothDataset)
class Smoother
{
public:
    explicit Smoother(double weight = 0) : m_weight(weight) {}

    double next(double value)
    {
        if (!std::isfinite(value))
            return value;
        m_sum = m_weight * m_sum + (1 - m_weight) * value;
        m_power *= m_weight;
        return m_sum / (1 - m_power);
    }

private:
    double m_weight;
    double m_sum = 0;
    double m_power = 1; ///< wⁿ
};

} // namespace torchdesk
