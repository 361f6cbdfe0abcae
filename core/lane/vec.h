// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

// Each file of layers/ is compiled for vectors of 4, 8 and 16 floats; alone it is read as for 4.
#ifndef TORCHDESK_LANES
#define TORCHDESK_LANES 4
#define TORCHDESK_LANES_NAMESPACE lanes4
#endif

/// Vectors as GCC and Clang have them: operators work lane by lane, a scalar is every lane.
namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

constexpr int lanes = TORCHDESK_LANES;
/// Registers that a kernel may fill with sums: with 16 lanes there are 32 registers, else 16.
constexpr bool manyRegisters = lanes == 16;

using Vec = float __attribute__((vector_size(lanes * sizeof(float)), may_alias));
using IntVec = std::int32_t __attribute__((vector_size(lanes * sizeof(float)), may_alias));
using UintVec = std::uint32_t __attribute__((vector_size(lanes * sizeof(float)), may_alias));

namespace { // in each file its own: nothing here is left to the linker's choice

[[maybe_unused, gnu::always_inline]] inline Vec* vectors(float* data)
{
    return reinterpret_cast<Vec*>(data);
}

[[maybe_unused, gnu::always_inline]] inline Vec broadcast(float value)
{
    return value - Vec{};
}

/// The first where it is not a number, so that a broken value is not hidden.
[[maybe_unused, gnu::always_inline]] inline Vec larger(Vec a, Vec b)
{
    return b > a ? b : a;
}

/// Not where it is not asked for at once: a sum over lanes costs as much as ten additions.
[[maybe_unused, gnu::always_inline]] inline float sumOfLanes(Vec v)
{
    float sum[lanes];
    __builtin_memcpy(sum, &v, sizeof v);
    for (int half = lanes / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i)
            sum[i] += sum[i + half];
    return sum[0];
}

/// One stage of a transposition: with pairs of rows `distance` apart, the lanes of the one whose number has
/// that bit change place with those of the other that do not.
template <int distance>
[[gnu::always_inline]] inline void exchange(Vec* rows)
{
    IntVec low;
    IntVec high;
    for (int i = 0; i < lanes; ++i) {
        low[i] = i & distance ? lanes + i - distance : i;
        high[i] = i & distance ? lanes + i : i + distance;
    }
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i) {
        if (i & distance)
            continue;
        const Vec a = rows[i];
        const Vec b = rows[i + distance];
#if defined(__clang__)
        for (int k = 0; k < lanes; ++k) {
            rows[i][k] = low[k] < lanes ? a[low[k]] : b[low[k] - lanes];
            rows[i + distance][k] = high[k] < lanes ? a[high[k]] : b[high[k] - lanes];
        }
#else
        rows[i] = __builtin_shuffle(a, b, low);
        rows[i + distance] = __builtin_shuffle(a, b, high);
#endif
    }
}

/// rows[i][k] and rows[k][i] change place.
[[maybe_unused, gnu::always_inline]] inline void transpose(Vec* rows)
{
    exchange<1>(rows);
    exchange<2>(rows);
    if constexpr (lanes >= 8)
        exchange<4>(rows);
    if constexpr (lanes >= 16)
        exchange<8>(rows);
}

/// 1 in the lanes of samples that the batch has, 0 in those past its end.
[[maybe_unused]] inline Vec present(std::int64_t count, std::int64_t group)
{
    Vec mask = {};
    for (int lane = 0; lane < lanes; ++lane)
        mask[lane] = group * lanes + lane < count ? 1.0f : 0.0f;
    return mask;
}

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
