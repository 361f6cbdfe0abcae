// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/vec.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// e^x to about 2 units in the last place: x = n × ln 2 + r, e^r by its Taylor series to r⁷, 2ⁿ by its
/// exponent bits. Below -87 it is 0 to within 2^-125, above 88 it is 2^127.
[[maybe_unused]] inline Vec exponential(Vec x)
{
    constexpr float perLn2 = 1.44269504f;
    constexpr float ln2High = 0.693359375f; // few bits, so that n × ln2High is exact
    constexpr float ln2Low = -2.12194440e-4f;
    constexpr float half = 0.5f;
    x = x > 88.0f ? broadcast(88.0f) : x;
    x = x < -87.0f ? broadcast(-87.0f) : x;
    const Vec scaled = x * perLn2;
    const IntVec n =
        __builtin_convertvector(scaled + (scaled < 0.0f ? broadcast(-half) : broadcast(half)), IntVec);
    const Vec whole = __builtin_convertvector(n, Vec);
    const Vec r = (x - whole * ln2High) - whole * ln2Low;
    Vec sum = broadcast(1.0f / 5040);
    sum = sum * r + 1.0f / 720;
    sum = sum * r + 1.0f / 120;
    sum = sum * r + 1.0f / 24;
    sum = sum * r + 1.0f / 6;
    sum = sum * r + half;
    sum = sum * r + 1.0f;
    sum = sum * r + 1.0f;
    const IntVec bits = (n + 127) << 23;
    Vec power;
    __builtin_memcpy(&power, &bits, sizeof power);
    return sum * power;
}

/// 1 / (1 + e^-x)
[[maybe_unused]] inline Vec logistic(Vec x)
{
    return 1.0f / (1.0f + exponential(-x));
}

/// 1 - 2 / (e^2x + 1); near 0, where that would cancel, its series x - x³/3 + 2x⁵/15 - 17x⁷/315 + 62x⁹/2835.
[[maybe_unused]] inline Vec hyperbolicTangent(Vec x)
{
    const Vec far = 1.0f - 2.0f / (exponential(2.0f * x) + 1.0f);
    const Vec square = x * x;
    Vec near = broadcast(-1382.0f / 155925);
    near = near * square + 62.0f / 2835;
    near = near * square - 17.0f / 315;
    near = near * square + 2.0f / 15;
    near = near * square - 1.0f / 3;
    near = x + x * square * near;
    return square < 0.09f ? near : far;
}

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
