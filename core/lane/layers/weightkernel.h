// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/vec.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// sums[o][c][i][j] += Σ g[o][r][q] × x[c][r × s - p + i][q × s - p + j] over rows r and columns q: the
/// gradient by a convolution's weights, a vector each, whose lanes are added up once, at the end of the
/// backward pass.
struct WeightJob
{
    const Vec* in = nullptr; ///< of the first position's first tap
    const Vec* gradient = nullptr;
    Vec* sums = nullptr;
    std::int64_t channels = 0;
    std::int64_t outputs = 0;
    std::int64_t kernel[2] = {0, 0};
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t inTapRow = 0; ///< from one row of the kernel to the next
    std::int64_t inRow = 0;
    std::int64_t inColumn = 0;
    std::int64_t inChannel = 0;
    std::int64_t gradientRow = 0;
    std::int64_t gradientChannel = 0;
};

/// Rows of the kernel that are worked on at once: as many taps as leave room for a few outputs.
constexpr int tapRowsFor(int width)
{
    return !manyRegisters ? 1 : width == 3 ? 3 : width == 2 ? 2 : 1;
}

constexpr int weightOutputsFor(int width, int tapRows)
{
    const int room = (manyRegisters ? 27 : 11) / (width * tapRows);
    return room > 8 ? 8 : room < 1 ? 1 : room;
}

/// All sums of a few outputs and taps stay in registers over the rows [first, last).
template <int outputs, int width, int tapRows>
void weightBlock(const WeightJob& job, const Vec* in, const Vec* gradient, Vec* to, std::int64_t first,
                 std::int64_t last)
{
    const std::int64_t byOutput = job.channels * job.kernel[0] * job.kernel[1];
    Vec sums[outputs][tapRows][width];
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o)
#pragma GCC unroll 3
        for (int i = 0; i < tapRows; ++i)
#pragma GCC unroll 7
            for (int j = 0; j < width; ++j)
                sums[o][i][j] = to[o * byOutput + i * width + j];
    const std::int64_t tapRow = job.inTapRow;
    const std::int64_t channel = job.gradientChannel;
    const std::int64_t step = job.inColumn;
    for (std::int64_t row = first; row < last; ++row) {
        const Vec* x = in + row * job.inRow;
        const Vec* g = gradient + row * job.gradientRow;
        const Vec* const end = g + job.columns;
        for (; g != end; ++g, x += step) {
            Vec by[outputs];
#pragma GCC unroll 8
            for (int o = 0; o < outputs; ++o)
                by[o] = g[o * channel];
#pragma GCC unroll 3
            for (int i = 0; i < tapRows; ++i)
#pragma GCC unroll 7
                for (int j = 0; j < width; ++j) {
                    const Vec value = x[i * tapRow + j];
#pragma GCC unroll 8
                    for (int o = 0; o < outputs; ++o)
                        sums[o][i][j] += by[o] * value;
                }
        }
    }
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o)
#pragma GCC unroll 3
        for (int i = 0; i < tapRows; ++i)
#pragma GCC unroll 7
            for (int j = 0; j < width; ++j)
                to[o * byOutput + i * width + j] = sums[o][i][j];
}

/// Blocks of outputs, and what is left over one at a time.
template <int width, int tapRows>
void weightRows(const WeightJob& job, const Vec* in, Vec* to, std::int64_t first, std::int64_t last)
{
    constexpr int most = weightOutputsFor(width, tapRows);
    const std::int64_t byOutput = job.channels * job.kernel[0] * job.kernel[1];
    std::int64_t o = 0;
    for (; o + most <= job.outputs; o += most)
        weightBlock<most, width, tapRows>(job, in, job.gradient + o * job.gradientChannel, to + o * byOutput,
                                          first, last);
    constexpr int half = most >= 4 ? most / 2 : 1;
    for (; o + half <= job.outputs; o += half)
        weightBlock<half, width, tapRows>(job, in, job.gradient + o * job.gradientChannel, to + o * byOutput,
                                          first, last);
    for (; o < job.outputs; ++o)
        weightBlock<1, width, tapRows>(job, in, job.gradient + o * job.gradientChannel, to + o * byOutput,
                                       first, last);
}

template <int width>
void weightTaps(const WeightJob& job, const Vec* in, Vec* to, std::int64_t first, std::int64_t last)
{
    constexpr int tapRows = tapRowsFor(width);
    std::int64_t i = 0;
    for (; i + tapRows <= job.kernel[0]; i += tapRows)
        weightRows<width, tapRows>(job, in + i * job.inTapRow, to + i * width, first, last);
    for (; i < job.kernel[0]; ++i)
        weightRows<width, 1>(job, in + i * job.inTapRow, to + i * width, first, last);
}

inline void weightChannel(const WeightJob& job, const Vec* in, Vec* to, std::int64_t first, std::int64_t last)
{
    switch (job.kernel[1]) {
    case 1:
        return weightTaps<1>(job, in, to, first, last);
    case 2:
        return weightTaps<2>(job, in, to, first, last);
    case 3:
        return weightTaps<3>(job, in, to, first, last);
    case 4:
        return weightTaps<4>(job, in, to, first, last);
    case 5:
        return weightTaps<5>(job, in, to, first, last);
    case 6:
        return weightTaps<6>(job, in, to, first, last);
    default:
        return weightTaps<7>(job, in, to, first, last);
    }
}

/// About 128 positions at a time, so that the rows of g stay in the nearest cache for all channels.
inline void addWeightGradients(const WeightJob& job)
{
    const std::int64_t some = 128 / job.columns;
    const std::int64_t block = some < 1 ? 1 : some;
    for (std::int64_t first = 0; first < job.rows; first += block) {
        const std::int64_t last = first + block < job.rows ? first + block : job.rows;
        for (std::int64_t c = 0; c < job.channels; ++c)
            weightChannel(job, job.in + c * job.inChannel, job.sums + c * job.kernel[0] * job.kernel[1],
                          first, last);
    }
}

inline void addBiasSums(const WeightJob& job, Vec* sums)
{
    for (std::int64_t o = 0; o < job.outputs; ++o) {
        Vec sum = sums[o];
        for (std::int64_t row = 0; row < job.rows; ++row) {
            const Vec* g = job.gradient + o * job.gradientChannel + row * job.gradientRow;
            for (std::int64_t q = 0; q < job.columns; ++q)
                sum += g[q];
        }
        sums[o] = sum;
    }
}

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
