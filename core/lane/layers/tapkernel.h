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

/// out[o][r][q] = b[o] + Σ w[o][c][t] × in[c][r × inRow + q × inColumn + offsets[t]], over channels c and
/// taps t. Strides count vectors.
struct TapJob
{
    const Vec* in = nullptr;
    Vec* out = nullptr;
    const float* weights = nullptr; ///< [block of outputs][channel][tap][output]
    const float* bias = nullptr;    ///< or null
    const std::int32_t* offsets = nullptr;
    int taps = 0;
    bool adds = false; ///< to what stands in out
    std::int64_t channels = 0;
    std::int64_t outputs = 0;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t inRow = 0;
    std::int64_t inColumn = 0;
    std::int64_t inChannel = 0;
    std::int64_t outRow = 0;
    std::int64_t outColumn = 0;
    std::int64_t outChannel = 0;
};

/// A block of outputs at a few positions of a row: all its sums stay in registers, each value that is read
/// serves every output, each weight every position.
template <int outputs, int positions>
void tapBlock(const TapJob& job, const Vec* in, Vec* out, const float* weights, const float* bias)
{
    Vec sums[outputs][positions];
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
    const std::int64_t column = job.inColumn;
    for (std::int64_t c = 0; c < job.channels; ++c, in += job.inChannel) {
        for (int t = 0; t < job.taps; ++t, weights += outputs) {
            const Vec* from = in + job.offsets[t];
            Vec x[positions];
#pragma GCC unroll 4
            for (int q = 0; q < positions; ++q)
                x[q] = from[q * column];
#pragma GCC unroll 8
            for (int o = 0; o < outputs; ++o) {
                const float weight = weights[o];
#pragma GCC unroll 4
                for (int q = 0; q < positions; ++q)
                    sums[o][q] += weight * x[q];
            }
        }
    }
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o)
#pragma GCC unroll 4
        for (int q = 0; q < positions; ++q)
            out[o * job.outChannel + q * job.outColumn] = sums[o][q];
}

using TapBlock = void (*)(const TapJob&, const Vec*, Vec*, const float*, const float*);

template <int outputs>
TapBlock tapBlockOf(std::int64_t positions)
{
    switch (positions) {
    case 1:
        return tapBlock<outputs, 1>;
    case 2:
        return tapBlock<outputs, 2>;
    case 3:
        return tapBlock<outputs, 3>;
    default:
        return tapBlock<outputs, 4>;
    }
}

inline TapBlock tapBlockOf(std::int64_t outputs, std::int64_t positions)
{
    if constexpr (manyRegisters) {
        switch (outputs) {
        case 3:
            return tapBlockOf<3>(positions);
        case 4:
            return tapBlockOf<4>(positions);
        case 5:
            return tapBlockOf<5>(positions);
        case 6:
            return tapBlockOf<6>(positions);
        default:
            break;
        }
    }
    return outputs == 1 ? tapBlockOf<1>(positions) : tapBlockOf<2>(positions);
}

/// Rows in turn, in a row four positions at a time, there all outputs: what is read stays in the nearest
/// cache.
inline void convolve(const TapJob& job)
{
    constexpr std::int64_t together = 4;
    for (std::int64_t row = 0; row < job.rows; ++row)
        for (std::int64_t column = 0; column < job.columns; column += together) {
            const std::int64_t left = job.columns - column;
            const std::int64_t positions = left < together ? left : together;
            const Vec* in = job.in + row * job.inRow + column * job.inColumn;
            Vec* out = job.out + row * job.outRow + column * job.outColumn;
            const float* weights = job.weights;
            OutputBlocks blocks(job.outputs);
            for (std::int64_t o = 0; o < job.outputs; o += blocks.size, blocks.next(o)) {
                tapBlockOf(blocks.size, positions)(job, in, out + o * job.outChannel, weights,
                                                   job.bias ? job.bias + o : nullptr);
                weights += blocks.size * job.channels * job.taps;
            }
        }
}

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
