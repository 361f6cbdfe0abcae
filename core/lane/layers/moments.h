// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/layer.h"
#include "core/lane/vec.h"

/// Mean and spread of a channel, gathered row by row while the rows are in a near cache: by a convolution of
/// its output, or by the batchnorm2d after it.
namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// Of one group and channel: for each sample Σ (x - s) and Σ (x - s)², with s the mean of its first row. That
/// row is one of H of the channel, so s is at most √H standard deviations from the mean, and the difference
/// of the two sums keeps its digits whatever the mean is.
struct Sums
{
    Vec shift;
    Vec first;
    Vec second;
};
static_assert(sizeof(Sums) == momentVectors * sizeof(Vec));

[[maybe_unused, gnu::always_inline]] inline Sums* sumsAt(float* moments, const Map& map, std::int64_t group,
                                                         std::int64_t channel)
{
    return reinterpret_cast<Sums*>(moments) + group * map.channels + channel;
}

/// Of a row of a channel; the rows come in their order, from 0.
[[maybe_unused]] inline void addRow(Sums& sums, std::int64_t row, const Vec* x, std::int64_t columns)
{
    if (row == 0) {
        Vec sum = {};
        for (std::int64_t q = 0; q < columns; ++q)
            sum += x[q];
        sums = {sum / static_cast<float>(columns), Vec{}, Vec{}};
    }
    const Vec shift = sums.shift;
    Vec first[2] = {sums.first, {}};
    Vec second[2] = {sums.second, {}};
    std::int64_t q = 0;
    for (; q + 2 <= columns; q += 2)
#pragma GCC unroll 2
        for (int i = 0; i < 2; ++i) {
            const Vec distance = x[q + i] - shift;
            first[i] += distance;
            second[i] += distance * distance;
        }
    if (q < columns) {
        const Vec distance = x[q] - shift;
        first[0] += distance;
        second[0] += distance * distance;
    }
    sums.first = first[0] + first[1];
    sums.second = second[0] + second[1];
}

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
