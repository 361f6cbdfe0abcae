// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/vec.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// to[o][c][i][j] += Σ g[o][r][q] × x[c][r × s - p + i][q × s - p + j] over rows r, columns q and samples:
/// the gradient by a convolution's weights. Strides count vectors.
struct WeightJob
{
    const Vec* in = nullptr; ///< of the first position's first tap
    const Vec* gradient = nullptr;
    float* to = nullptr;
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
    return !manyRegisters ? (width == 1 ? 3 : 1) : width == 1 ? 5 : width == 3 ? 3 : width == 2 ? 4 : 1;
}

/// A block keeps its sums, the values under the kernel and a gradient in registers.
constexpr int weightOutputsFor(int width, int tapRows)
{
    const int taps = width * tapRows;
    const int room = ((manyRegisters ? 31 : 15) - taps) / taps;
    return room > 8 ? 8 : room < 1 ? 1 : room;
}

/// Adds up the lanes of a block's sums, of which those of one output lie side by side.
template <int outputs, int taps>
[[gnu::always_inline]] inline void giveSums(const Vec (&sums)[outputs][taps], float* to,
                                            std::int64_t byOutput)
{
    constexpr int count = outputs * taps;
    constexpr int whole = (count + lanes - 1) / lanes * lanes;
    float added[whole];
#pragma GCC unroll 8
    for (int first = 0; first < whole; first += lanes) {
        Vec part[lanes];
#pragma GCC unroll 16
        for (int i = 0; i < lanes; ++i)
            part[i] = first + i < count ? sums[(first + i) / taps % outputs][(first + i) % taps] : Vec{};
        const Vec all = sumsOfLanes(part);
        __builtin_memcpy(added + first, &all, sizeof all);
    }
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o)
        for (int k = 0; k < taps; ++k)
            to[o * byOutput + k] += added[o * taps + k];
}

/// The positions of a row while there are `width` of them: from one to the next, the kernel sees one new
/// value a row. Gives the positions that it did.
template <int outputs, int width, int tapRows>
[[gnu::always_inline]] inline std::int64_t addAlong(const WeightJob& job, const Vec* x, const Vec* g,
                                                    Vec (&sums)[outputs][tapRows * width])
{
    const std::int64_t tapRow = job.inTapRow;
    const std::int64_t channel = job.gradientChannel;
    if (job.inColumn != 1 || job.columns < width)
        return 0;
    Vec window[tapRows][width];
#pragma GCC unroll 5
    for (int i = 0; i < tapRows; ++i)
#pragma GCC unroll 7
        for (int j = 0; j + 1 < width; ++j)
            window[i][j] = x[i * tapRow + j];
    std::int64_t q = 0;
    for (; q + width <= job.columns; q += width, x += width, g += width) {
#pragma GCC unroll 7
        for (int k = 0; k < width; ++k) {
#pragma GCC unroll 5
            for (int i = 0; i < tapRows; ++i)
                window[i][(k + width - 1) % width] = x[i * tapRow + k + width - 1];
#pragma GCC unroll 8
            for (int o = 0; o < outputs; ++o) {
                const Vec by = g[o * channel + k];
#pragma GCC unroll 5
                for (int i = 0; i < tapRows; ++i)
#pragma GCC unroll 7
                    for (int j = 0; j < width; ++j)
                        sums[o][i * width + j] += by * window[i][(k + j) % width];
            }
        }
    }
    return q;
}

/// One channel of the input, a few rows of taps and a few outputs: the sums stay in registers over all
/// positions of some rows.
template <int outputs, int width, int tapRows>
void weightBlock(const WeightJob& job, const Vec* in, const Vec* gradient, float* to, std::int64_t byOutput,
                 std::int64_t first, std::int64_t last)
{
    Vec sums[outputs][tapRows * width] = {};
    for (std::int64_t row = first; row < last; ++row) {
        const Vec* x = in + row * job.inRow;
        const Vec* g = gradient + row * job.gradientRow;
        for (std::int64_t q = addAlong<outputs, width, tapRows>(job, x, g, sums); q < job.columns; ++q) {
#pragma GCC unroll 8
            for (int o = 0; o < outputs; ++o) {
                const Vec by = g[o * job.gradientChannel + q];
#pragma GCC unroll 5
                for (int i = 0; i < tapRows; ++i)
#pragma GCC unroll 7
                    for (int j = 0; j < width; ++j)
                        sums[o][i * width + j] += by * x[i * job.inTapRow + q * job.inColumn + j];
            }
        }
    }
    giveSums<outputs, tapRows * width>(sums, to, byOutput);
}

/// Blocks of outputs, and what is left over one at a time.
template <int width, int tapRows>
void weightRows(const WeightJob& job, const Vec* in, float* to, std::int64_t first, std::int64_t last)
{
    constexpr int most = weightOutputsFor(width, tapRows);
    const std::int64_t byOutput = job.channels * job.kernel[0] * job.kernel[1];
    std::int64_t o = 0;
    for (; o + most <= job.outputs; o += most)
        weightBlock<most, width, tapRows>(job, in, job.gradient + o * job.gradientChannel, to + o * byOutput,
                                          byOutput, first, last);
    constexpr int half = most >= 4 ? most / 2 : 1;
    for (; o + half <= job.outputs; o += half)
        weightBlock<half, width, tapRows>(job, in, job.gradient + o * job.gradientChannel, to + o * byOutput,
                                          byOutput, first, last);
    for (; o < job.outputs; ++o)
        weightBlock<1, width, tapRows>(job, in, job.gradient + o * job.gradientChannel, to + o * byOutput,
                                       byOutput, first, last);
}

template <int width>
void weightTaps(const WeightJob& job, const Vec* in, float* to, std::int64_t first, std::int64_t last)
{
    constexpr int tapRows = tapRowsFor(width);
    std::int64_t i = 0;
    for (; i + tapRows <= job.kernel[0]; i += tapRows)
        weightRows<width, tapRows>(job, in + i * job.inTapRow, to + i * width, first, last);
    for (; i < job.kernel[0]; ++i)
        weightRows<width, 1>(job, in + i * job.inTapRow, to + i * width, first, last);
}

inline void weightChannel(const WeightJob& job, const Vec* in, float* to, std::int64_t first,
                          std::int64_t last)
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

/// About 128 positions at a time, so that the rows of g stay in the nearest cache for all channels. A kernel
/// of one tap sees the channels as its rows. Calls \p beforeRows(first, last) before it looks at those of g.
template <class BeforeRows>
void addWeightGradients(WeightJob job, const BeforeRows& beforeRows)
{
    if (job.kernel[0] == 1 && job.kernel[1] == 1) {
        job.kernel[0] = job.channels;
        job.inTapRow = job.inChannel;
        job.channels = 1;
    }
    const std::int64_t some = 128 / job.columns / 2 * 2; // whole pools
    const std::int64_t block = some < 2 ? 2 : some;
    for (std::int64_t first = 0; first < job.rows; first += block) {
        const std::int64_t last = first + block < job.rows ? first + block : job.rows;
        beforeRows(first, last);
        for (std::int64_t c = 0; c < job.channels; ++c)
            weightChannel(job, job.in + c * job.inChannel, job.to + c * job.kernel[0] * job.kernel[1], first,
                          last);
    }
}

inline void addBiasGradients(const WeightJob& job, float* to)
{
    for (std::int64_t o = 0; o < job.outputs; ++o) {
        Vec sum = {};
        for (std::int64_t row = 0; row < job.rows; ++row) {
            const Vec* g = job.gradient + o * job.gradientChannel + row * job.gradientRow;
            for (std::int64_t q = 0; q < job.columns; ++q)
                sum += g[q];
        }
        to[o] += sumOfLanes(sum);
    }
}

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
