// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/kernels.h"
#include "core/lane/vec.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

// Plain loops over memory that does not overlap: the compiler makes vector code of them.

namespace {

/// d = g + decay × w; v = momentum × v + d; w -= rate × v, with Nesterov's w -= rate × (d + momentum × v).
void moveSgd(const Update& u, const UpdateRange& range)
{
    float* __restrict w = range.value;
    float* __restrict v = range.moment;
    const float* __restrict g = range.gradient;
    if (!v) {
        for (std::int64_t i = 0; i < range.count; ++i)
            w[i] -= u.rate * (g[i] * u.gradientFactor + u.weightDecay * w[i]);
        return;
    }
    for (std::int64_t i = 0; i < range.count; ++i) {
        const float d = g[i] * u.gradientFactor + u.weightDecay * w[i];
        v[i] = u.momentum * v[i] + d;
        w[i] -= u.rate * (u.nesterov ? d + u.momentum * v[i] : v[i]);
    }
}

/// m = m + (1 - β1) × (g - m); s = β2 × s + (1 - β2) × g²; w -= rate / (1 - β1^t) × m / (√s / √(1 - β2^t) +
/// ε). Weight decay is added to g, or with \p decoupled taken from w beside it.
template <bool decoupled>
void moveAdam(const Update& u, const UpdateRange& range)
{
    constexpr float beta1 = 0.9f;
    constexpr float beta2 = 0.999f;
    constexpr float epsilon = 1e-8f;
    float* __restrict w = range.value;
    float* __restrict m = range.moment;
    float* __restrict s = range.secondMoment;
    const float* __restrict g = range.gradient;
    const float step = u.rate / u.correction1;
    const float perCorrection2 = 1 / u.correction2;
    for (std::int64_t i = 0; i < range.count; ++i) {
        float by = g[i] * u.gradientFactor;
        float value = w[i];
        if constexpr (decoupled)
            value -= u.rate * u.weightDecay * value;
        else
            by += u.weightDecay * value;
        m[i] = m[i] + (1 - beta1) * (by - m[i]);
        s[i] = beta2 * s[i] + (1 - beta2) * by * by;
        w[i] = value - step * m[i] / (__builtin_sqrtf(s[i]) * perCorrection2 + epsilon);
    }
}

} // namespace

void moveParameters(const Update& update, const UpdateRange& range)
{
    if (update.rule == Rule::Sgd)
        moveSgd(update, range);
    else if (update.rule == Rule::Adam)
        moveAdam<false>(update, range);
    else
        moveAdam<true>(update, range);
}

void addGradients(const float* from, float* to, std::int64_t count, float factor, bool assigns)
{
    if (assigns)
        for (std::int64_t i = 0; i < count; ++i)
            to[i] = from[i] * factor;
    else
        for (std::int64_t i = 0; i < count; ++i)
            to[i] += from[i] * factor;
}

double squareSum(const float* values, std::int64_t count)
{
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i)
        sum += static_cast<double>(values[i]) * static_cast<double>(values[i]);
    return sum;
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
