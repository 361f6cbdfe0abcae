// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/vec.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// Outputs are worked on in blocks of nearly the same size, at most as many as there are registers for.
struct OutputBlocks
{
    static constexpr std::int64_t most = manyRegisters ? 6 : 2;

    explicit OutputBlocks(std::int64_t theOutputs) : outputs(theOutputs), left((theOutputs + most - 1) / most)
    {
        next(0);
    }
    void next(std::int64_t first)
    {
        if (left > 0)
            size = (outputs - first + left - 1) / left;
        --left;
    }

    std::int64_t outputs;
    std::int64_t left;
    std::int64_t size = 0;
};

/// out[o][r][q] = b[o] + Σ w[o][c][i][j] × in[c][r × inRow + q × inColumn + i × inTapRow + j], over channels
/// c and taps i, j. Strides count vectors.
struct TapJob
{
    const Vec* in = nullptr;
    Vec* out = nullptr;
    const float* weights = nullptr; ///< [block of outputs][channel][tap][output]
    const float* bias = nullptr;    ///< or null
    std::int64_t tapRows = 0;
    std::int64_t tapColumns = 0;
    std::int64_t firstRow =
        0; ///< of the map that is read: where the first row's first taps are, from its first
    std::int64_t rowStep = 1;  ///< rows of the map from one row to the next
    std::int64_t height = 0;   ///< of the map; above and below there are zeros
    std::int64_t firstTap = 0; ///< of a channel's weights
    std::int64_t skipped = 0;  ///< weights after those of a channel, for each output
    bool adds = false;         ///< to what stands in out
    std::int64_t channels = 0;
    std::int64_t outputs = 0;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t inRow = 0;
    std::int64_t inTapRow = 0;
    std::int64_t inColumn = 0;
    std::int64_t inChannel = 0;
    std::int64_t outRow = 0;
    std::int64_t outColumn = 0;
    std::int64_t outChannel = 0;
};

template <int outputs, int positions>
[[gnu::always_inline]] inline void beginSums(const TapJob& job, const Vec* out, const float* bias,
                                             Vec (&sums)[outputs][positions])
{
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o) // the lines are there when the sums are
#pragma GCC unroll 4
        for (int q = 0; q < positions; ++q)
            __builtin_prefetch(&out[o * job.outChannel + q * job.outColumn], 1);
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o)
#pragma GCC unroll 4
        for (int q = 0; q < positions; ++q)
            sums[o][q] =
                job.adds ? out[o * job.outChannel + q * job.outColumn] : broadcast(bias ? bias[o] : 0.0f);
}

template <int outputs, int positions>
[[gnu::always_inline]] inline void addTap(const float* weights, const Vec (&x)[positions],
                                          Vec (&sums)[outputs][positions])
{
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o) {
        const float weight = weights[o];
#pragma GCC unroll 4
        for (int q = 0; q < positions; ++q)
            sums[o][q] += weight * x[q];
    }
}

template <int outputs, int positions>
[[gnu::always_inline]] inline void endSums(const TapJob& job, Vec* out, const Vec (&sums)[outputs][positions])
{
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o)
#pragma GCC unroll 4
        for (int q = 0; q < positions; ++q)
            out[o * job.outChannel + q * job.outColumn] = sums[o][q];
}

/// A block of outputs at a few positions of a row: all its sums stay in registers, each value that is read
/// serves every output, each weight every position.
template <int outputs, int positions>
void tapBlock(const TapJob& job, const Vec* in, Vec* out, const float* weights, const float* bias)
{
    Vec sums[outputs][positions];
    beginSums(job, out, bias, sums);
    for (std::int64_t c = 0; c < job.channels; ++c, in += job.inChannel, weights += outputs * job.skipped)
        for (std::int64_t i = 0; i < job.tapRows; ++i)
            for (std::int64_t j = 0; j < job.tapColumns; ++j, weights += outputs) {
                const Vec* from = in + i * job.inTapRow + j;
                Vec x[positions];
#pragma GCC unroll 4
                for (int q = 0; q < positions; ++q)
                    x[q] = from[q * job.inColumn];
                addTap(weights, x, sums);
            }
    endSums(job, out, sums);
}

/// The same for positions side by side and a known number of taps in a row: the next tap has all values but
/// one in registers, and there is little else to do than to multiply. A processor whose other half works for
/// somebody else takes two instructions at a time, no more.
template <int outputs, int positions, int tapColumns>
void denseTapBlock(const TapJob& job, const Vec* in, Vec* out, const float* weights, const float* bias)
{
    Vec sums[outputs][positions];
    beginSums(job, out, bias, sums);
    for (std::int64_t c = 0; c < job.channels; ++c, in += job.inChannel, weights += outputs * job.skipped) {
        const Vec* from = in;
        for (std::int64_t i = 0; i < job.tapRows;
             ++i, from += job.inTapRow, weights += outputs * tapColumns) {
            Vec x[positions];
#pragma GCC unroll 4
            for (int q = 0; q < positions; ++q)
                x[q] = from[q];
#pragma GCC unroll 8
            for (int j = 0; j < tapColumns; ++j) {
                addTap(weights + j * outputs, x, sums);
                if (j + 1 == tapColumns)
                    break;
#pragma GCC unroll 4
                for (int q = 0; q + 1 < positions; ++q)
                    x[q] = x[q + 1];
                x[positions - 1] = from[j + positions];
            }
        }
    }
    endSums(job, out, sums);
}

using TapBlock = void (*)(const TapJob&, const Vec*, Vec*, const float*, const float*);

template <int outputs, int positions>
TapBlock tapBlockFor(const TapJob& job)
{
    if constexpr (outputs > 3 || !manyRegisters) {
        if (job.inColumn == 1 && job.tapColumns == 1)
            return denseTapBlock<outputs, positions, 1>;
        if (job.inColumn == 1 && job.tapColumns == 3)
            return denseTapBlock<outputs, positions, 3>;
        if (job.inColumn == 1 && job.tapColumns == 5)
            return denseTapBlock<outputs, positions, 5>;
    }
    return tapBlock<outputs, positions>;
}

template <int outputs>
TapBlock tapBlockFor(const TapJob& job, std::int64_t positions)
{
    switch (positions) {
    case 1:
        return tapBlockFor<outputs, 1>(job);
    case 2:
        return tapBlockFor<outputs, 2>(job);
    case 3:
        return tapBlockFor<outputs, 3>(job);
    default:
        return tapBlockFor<outputs, 4>(job);
    }
}

inline TapBlock tapBlockFor(const TapJob& job, std::int64_t outputs, std::int64_t positions)
{
    if constexpr (manyRegisters) {
        switch (outputs) {
        case 3:
            return tapBlockFor<3>(job, positions);
        case 4:
            return tapBlockFor<4>(job, positions);
        case 5:
            return tapBlockFor<5>(job, positions);
        case 6:
            return tapBlockFor<6>(job, positions);
        default:
            break;
        }
    }
    return outputs == 1 ? tapBlockFor<1>(job, positions) : tapBlockFor<2>(job, positions);
}

/// The job without the rows of taps that meet nothing but zeros above or below the map.
inline TapJob ofRow(const TapJob& job, std::int64_t row)
{
    const std::int64_t above = -(job.firstRow + row * job.rowStep);
    const std::int64_t first = above > 0 ? above : 0;
    const std::int64_t last = above + job.height < job.tapRows ? above + job.height : job.tapRows;
    TapJob part = job;
    part.tapRows = last > first ? last - first : 0;
    part.in += row * job.inRow + first * job.inTapRow;
    part.out += row * job.outRow;
    part.skipped = (job.tapRows - part.tapRows) * job.tapColumns;
    part.firstTap = first * job.tapColumns;
    return part;
}

/// Positions of a row that are worked on at once.
constexpr std::int64_t positionsTogether = 4;

/// Rows in turn, in a row four positions at a time, there all outputs: what is read stays in the nearest
/// cache. Calls \p afterRow(row) when all outputs of a row are there.
template <class AfterRow>
void convolve(const TapJob& job, const AfterRow& afterRow)
{
    const std::int64_t taps = job.tapRows * job.tapColumns;
    for (std::int64_t row = 0; row < job.rows; ++row) {
        const TapJob part = ofRow(job, row);
        for (std::int64_t column = 0; column < job.columns; column += positionsTogether) {
            const std::int64_t left = job.columns - column;
            const std::int64_t positions = left < positionsTogether ? left : positionsTogether;
            const Vec* in = part.in + column * job.inColumn;
            Vec* out = part.out + column * job.outColumn;
            const float* weights = job.weights;
            OutputBlocks blocks(job.outputs);
            for (std::int64_t o = 0; o < job.outputs; o += blocks.size, blocks.next(o)) {
                tapBlockFor(job, blocks.size, positions)(part, in, out + o * job.outChannel,
                                                         weights + blocks.size * part.firstTap,
                                                         job.bias ? job.bias + o : nullptr);
                weights += blocks.size * job.channels * taps;
            }
        }
        afterRow(row);
    }
}

/// Values of a few outputs at a few positions of two rows, of which pools of 2×2 take all.
struct PooledBlock
{
    std::int64_t output = 0; ///< the first one
    std::int64_t outputs = 0;
    std::int64_t row = 0;    ///< of the pools
    std::int64_t column = 0; ///< of the first pool
    std::int64_t pools = 0;
    const Vec* rows[2] = {nullptr, nullptr}; ///< `positionsTogether` values for each output
};

/// Two rows at a time, of an even number: no value goes further than the nearest cache. Calls \p take(block).
template <class Take>
void convolvePairs(const TapJob& job, const Take& take)
{
    const std::int64_t weightsOfOutput = job.channels * job.tapRows * job.tapColumns;
    for (std::int64_t row = 0; row < job.rows; row += 2) {
        TapJob parts[2] = {ofRow(job, row), ofRow(job, row + 1)};
        for (TapJob& part : parts) {
            part.outColumn = 1;
            part.outChannel = positionsTogether;
        }
        for (std::int64_t column = 0; column < job.columns; column += positionsTogether) {
            const std::int64_t left = job.columns - column;
            const std::int64_t positions = left < positionsTogether ? left : positionsTogether;
            const float* weights = job.weights;
            OutputBlocks blocks(job.outputs);
            for (std::int64_t o = 0; o < job.outputs; o += blocks.size, blocks.next(o)) {
                Vec sums[2][OutputBlocks::most * positionsTogether];
                const TapBlock block = tapBlockFor(job, blocks.size, positions);
                for (int i = 0; i < 2; ++i)
                    block(parts[i], parts[i].in + column * job.inColumn, sums[i],
                          weights + blocks.size * parts[i].firstTap, job.bias ? job.bias + o : nullptr);
                take(PooledBlock{o, blocks.size, row / 2, column / 2, positions / 2, {sums[0], sums[1]}});
                weights += blocks.size * weightsOfOutput;
            }
        }
    }
}

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
