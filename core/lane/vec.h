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

/// A sum over lanes costs as much as ten additions; of many vectors at once see sumsOfLanes().
[[maybe_unused, gnu::always_inline]] inline float sumOfLanes(Vec v)
{
    float sum[lanes];
    __builtin_memcpy(sum, &v, sizeof v);
    for (int half = lanes / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i)
            sum[i] += sum[i + half];
    return sum[0];
}

/// One stage of a transposition, of two rows `distance` apart: the lanes of a whose number has that bit
/// change place with those of b that do not.
template <int distance>
[[gnu::always_inline]] inline void exchange(Vec& first, Vec& second)
{
    IntVec low;
    IntVec high;
    for (int i = 0; i < lanes; ++i) {
        low[i] = i & distance ? lanes + i - distance : i;
        high[i] = i & distance ? lanes + i : i + distance;
    }
    const Vec a = first;
    const Vec b = second;
#if defined(__clang__)
    for (int k = 0; k < lanes; ++k) {
        first[k] = low[k] < lanes ? a[low[k]] : b[low[k] - lanes];
        second[k] = high[k] < lanes ? a[high[k]] : b[high[k] - lanes];
    }
#else
    first = __builtin_shuffle(a, b, low);
    second = __builtin_shuffle(a, b, high);
#endif
}

template <int distance>
[[gnu::always_inline]] inline void exchangeRows(Vec* rows)
{
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i)
        if (!(i & distance))
            exchange<distance>(rows[i], rows[i + distance]);
}

/// rows[i][k] and rows[k][i] change place.
[[maybe_unused, gnu::always_inline]] inline void transpose(Vec* rows)
{
    exchangeRows<1>(rows);
    exchangeRows<2>(rows);
    if constexpr (lanes >= 8)
        exchangeRows<4>(rows);
    if constexpr (lanes >= 16)
        exchangeRows<8>(rows);
}

template <int distance>
[[gnu::always_inline]] inline void foldRows(Vec* rows)
{
#pragma GCC unroll 16
    for (int i = 0; i < lanes; i += 2 * distance) {
        exchange<distance>(rows[i], rows[i + distance]);
        rows[i] += rows[i + distance];
    }
}

/// Lane i of the result is the sum of all lanes of rows[i]; the rows are used up.
[[maybe_unused, gnu::always_inline]] inline Vec sumsOfLanes(Vec* rows)
{
    foldRows<1>(rows);
    foldRows<2>(rows);
    if constexpr (lanes >= 8)
        foldRows<4>(rows);
    if constexpr (lanes >= 16)
        foldRows<8>(rows);
    return rows[0];
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
