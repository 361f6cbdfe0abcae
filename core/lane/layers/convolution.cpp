// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/moments.h"
#include "core/lane/layers/rows.h"
#include "core/lane/layers/tapkernel.h"
#include "core/lane/layers/weightkernel.h"
#include "core/lane/layers/winners.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// conv2d of one group: y[o][r][q] = b[o] + Σ w[o][c][i][j] × x[c][r × s - p + i][q × s - p + j] over c, i,
/// j.
///
/// Backward, with g the gradient of the loss by y: by b[o] it is Σ g[o]; by the weights see weightkernel.h;
/// by x[c][r][q] it is Σ w[o][c][i][j] × g[o][(r + p - i) / s][(q + p - j) / s] over o and those i, j that
/// divide without rest. Rows, and columns, of x that leave the same rest meet the same i, and j: for each
/// such phase it is again a convolution, of g, with those weights turned around.
///
/// A pool of 2×2 after it, and a relu between, are done while the values are in the nearest cache, which keep
/// no place of their own: what the backward pass wants to know is which of a window was the largest.
class Convolution final : public Layer
{
public:
    explicit Convolution(const LayerPlan& plan) : m_plan(plan)
    {
        const Port& in = m_plan.inputs[0];
        const std::int64_t weights = plan.output.channels * taps() * in.value.channels;
        m_packed = plan.memory->take(plan.threads * 2 * padded(weights));
        if (plan.pool && !plan.frozen)
            m_winners.place(plan.output, plan.groups, *plan.memory);
        planForward();
        if (in.wanted)
            planBackward();
    }

    void beginForward(const Pass&, const Slice& slice, int) override { pack(m_forward, packed(slice, 0)); }

    void forward(const Pass& pass, const Slice& slice, int) override
    {
        const bool gathers = pass.training && m_plan.moments;
        const Map& in = m_plan.inputs[0].value;
        const Map& out = m_plan.output;
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            TapJob job = m_forward.job;
            job.in = vectors(in.data) + in.groupOffset(group) + m_forward.inOrigin;
            job.out = vectors(out.data) + out.groupOffset(group) + out.origin();
            job.weights = packed(slice, 0);
            job.bias = m_plan.parameters[1].value;
            if (m_plan.pool) {
                const bool keeps = pass.training && m_winners.areKept();
                convolvePairs(job, [&](const PooledBlock& block) { pool(group, block, keeps); });
                continue;
            }
            convolve(job, [&](std::int64_t row) {
                for (std::int64_t o = 0; gathers && o < out.channels; ++o)
                    addRow(*sumsAt(m_plan.moments, out, group, o), row, rowOf(out, group, o, row), out.width);
            });
        }
    }

    void beginBackward(const Pass&, const Slice& slice, int) override
    {
        float* to = packed(slice, 1);
        for (int i = 0; i < m_phases; ++i)
            to = pack(m_backward[i], to);
        for (int i = 0; i < 2 && m_plan.parameters[i].value; ++i)
            zero(m_plan.gradient(slice, i), m_plan.parameters[i].count);
    }

    void backward(const Pass&, const Slice& slice, int) override
    {
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            addWeightGradient(slice, group);
            if (m_plan.inputs[0].wanted)
                inputGradient(slice, group);
        }
    }

private:
    /// One convolution of the forward or the backward pass, and where its weights come from.
    struct Planned
    {
        TapJob job;
        std::int64_t inOrigin = 0;  ///< of the first position's first tap, in the input of the kernel
        std::int64_t outOrigin = 0; ///< of the first position
        std::int64_t firstTap[2] = {0, 0};
        std::int64_t tapCount[2] = {0, 0};
        bool turned = false; ///< weights by input channel, taps backwards
    };

    std::int64_t k(int axis) const { return m_plan.kernel[axis]; }
    std::int64_t s(int axis) const { return m_plan.stride[axis]; }
    std::int64_t p(int axis) const { return m_plan.padding[axis]; }
    std::int64_t taps() const { return k(0) * k(1); }
    /// The gradient by y.
    const Map& gradient() const { return m_plan.pool ? m_plan.unpooled : m_plan.outputGradient; }
    static std::int64_t padded(std::int64_t floats) { return (floats + lanes - 1) / lanes * lanes; }
    float* packed(const Slice& slice, int which) const
    {
        return m_packed + (slice.thread * 2 + which) * padded(m_plan.parameters[0].count);
    }
    static void zero(float* to, std::int64_t count)
    {
        for (std::int64_t i = 0; i < count; ++i)
            to[i] = 0;
    }

    void planForward()
    {
        const Map& in = m_plan.inputs[0].value;
        Planned& f = m_forward;
        f.inOrigin = in.origin() - p(0) * in.rowStride() - p(1);
        f.tapCount[0] = k(0);
        f.tapCount[1] = k(1);
        f.job.channels = in.channels;
        f.job.outputs = m_plan.output.channels;
        f.job.rows = gradient().height;
        f.job.columns = gradient().width;
        f.job.inRow = s(0) * in.rowStride();
        f.job.inColumn = s(1);
        f.job.inChannel = in.channelStride();
        f.job.outRow = m_plan.output.rowStride();
        f.job.outColumn = 1;
        f.job.outChannel = m_plan.output.channelStride();
        f.job.inTapRow = in.rowStride();
        f.job.firstRow = -p(0);
        f.job.rowStep = s(0);
        f.job.height = in.height;
        f.job.tapRows = k(0);
        f.job.tapColumns = k(1);
    }

    void planBackward()
    {
        for (std::int64_t row = 0; row < s(0); ++row)
            for (std::int64_t column = 0; column < s(1); ++column)
                planPhase(row, column);
    }

    /// The taps that positions of one axis with this rest meet, the last first, so that they meet g in its
    /// order; and the place in g that the first position's first tap meets.
    void planAxis(int axis, std::int64_t rest, Planned& f, std::int64_t& place) const
    {
        const std::int64_t least = (rest + p(axis)) % s(axis);
        const std::int64_t count = least < k(axis) ? (k(axis) - least + s(axis) - 1) / s(axis) : 0;
        f.tapCount[axis] = count;
        f.firstTap[axis] = least + (count - 1) * s(axis);
        place = (rest + p(axis) - least) / s(axis) - (count - 1);
    }

    void planPhase(std::int64_t row, std::int64_t column)
    {
        const Map& to = m_plan.inputs[0].gradient;
        const Map& from = gradient();
        if (row >= to.height || column >= to.width)
            return;
        Planned& f = m_backward[m_phases++];
        std::int64_t place[2];
        planAxis(0, row, f, place[0]);
        planAxis(1, column, f, place[1]);
        f.turned = true;
        f.inOrigin = from.origin() + place[0] * from.rowStride() + place[1];
        f.outOrigin = to.origin() + row * to.rowStride() + column;
        f.job.channels = from.channels;
        f.job.outputs = to.channels;
        f.job.rows = (to.height - row + s(0) - 1) / s(0);
        f.job.columns = (to.width - column + s(1) - 1) / s(1);
        f.job.inRow = from.rowStride();
        f.job.inColumn = 1;
        f.job.inChannel = from.channelStride();
        f.job.outRow = s(0) * to.rowStride();
        f.job.outColumn = s(1);
        f.job.outChannel = to.channelStride();
        f.job.adds = m_plan.inputs[0].adds;
        f.job.inTapRow = from.rowStride();
        f.job.firstRow = place[0];
        f.job.height = from.height;
        f.job.tapRows = f.tapCount[0];
        f.job.tapColumns = f.tapCount[1];
    }

    /// Weights in the order that the kernel reads them: [block of outputs][channel][tap][output]. Gives the
    /// end of what it wrote.
    float* pack(const Planned& f, float* to) const
    {
        const float* weights = m_plan.parameters[0].value;
        const std::int64_t inputs = m_plan.inputs[0].value.channels;
        const std::int64_t byOutput = f.turned ? taps() : inputs * taps();
        const std::int64_t byChannel = f.turned ? inputs * taps() : taps();
        const std::int64_t step[2] = {f.turned ? -s(0) : 1, f.turned ? -s(1) : 1};
        OutputBlocks blocks(f.job.outputs);
        for (std::int64_t first = 0; first < f.job.outputs; first += blocks.size, blocks.next(first))
            for (std::int64_t c = 0; c < f.job.channels; ++c)
                for (std::int64_t i = 0; i < f.tapCount[0]; ++i)
                    for (std::int64_t j = 0; j < f.tapCount[1]; ++j)
                        for (std::int64_t o = first; o < first + blocks.size; ++o)
                            *to++ =
                                weights[o * byOutput + c * byChannel + (f.firstTap[0] + i * step[0]) * k(1) +
                                        f.firstTap[1] + j * step[1]];
        return to;
    }

    void inputGradient(const Slice& slice, std::int64_t group) const
    {
        const Map& to = m_plan.inputs[0].gradient;
        const Map& from = gradient();
        const float* weights = packed(slice, 1);
        for (int i = 0; i < m_phases; ++i) {
            TapJob job = m_backward[i].job;
            job.in = vectors(from.data) + from.groupOffset(group) + m_backward[i].inOrigin;
            job.out = vectors(to.data) + to.groupOffset(group) + m_backward[i].outOrigin;
            job.weights = weights;
            weights += job.outputs * job.channels * job.tapRows * job.tapColumns;
            convolve(job, [](std::int64_t) {});
        }
    }

    void pool(std::int64_t group, const PooledBlock& block, bool keeps) const
    {
        for (std::int64_t o = 0; o < block.outputs; ++o) {
            const Vec* above = block.rows[0] + o * positionsTogether;
            const Vec* below = block.rows[1] + o * positionsTogether;
            Vec* y = rowOf(m_plan.output, group, block.output + o, block.row) + block.column;
            for (std::int64_t q = 0; q < block.pools; ++q) {
                const Vec x[4] = {above[2 * q], above[2 * q + 1], below[2 * q], below[2 * q + 1]};
                const Winner winner = winnerOf(x, m_plan.relu);
                y[q] = winner.value;
                if (keeps)
                    m_winners.keep(group, block.output + o, block.row, block.column + q, winner.bit);
            }
        }
    }

    /// Rows of the gradient by y, of what the pool was given.
    void unpool(std::int64_t group, std::int64_t first, std::int64_t last) const
    {
        for (std::int64_t o = 0; o < m_plan.output.channels; ++o)
            for (std::int64_t row = first; row < last; row += 2)
                m_winners.expand(group, o, row / 2, rowOf(m_plan.outputGradient, group, o, row / 2),
                                 rowOf(gradient(), group, o, row), rowOf(gradient(), group, o, row + 1));
    }

    void addPooledBiasGradients(const Slice& slice, std::int64_t group) const
    {
        for (std::int64_t o = 0; o < m_plan.output.channels; ++o) {
            Vec sum = {};
            for (std::int64_t row = 0; row < m_plan.output.height; ++row)
                sum += m_winners.sum(group, o, row, rowOf(m_plan.outputGradient, group, o, row));
            m_plan.gradient(slice, 1)[o] += sumOfLanes(sum);
        }
    }

    void addWeightGradient(const Slice& slice, std::int64_t group) const
    {
        const Map& in = m_plan.inputs[0].value;
        const Map& g = gradient();
        WeightJob job;
        job.in = vectors(in.data) + in.groupOffset(group) + in.origin() - p(0) * in.rowStride() - p(1);
        job.gradient = vectors(g.data) + g.groupOffset(group) + g.origin();
        job.to = m_plan.gradient(slice, 0);
        job.channels = in.channels;
        job.outputs = g.channels;
        job.kernel[0] = k(0);
        job.kernel[1] = k(1);
        job.rows = g.height;
        job.columns = g.width;
        job.inTapRow = in.rowStride();
        job.inRow = s(0) * in.rowStride();
        job.inColumn = s(1);
        job.inChannel = in.channelStride();
        job.gradientRow = g.rowStride();
        job.gradientChannel = g.channelStride();
        addWeightGradients(job, [&](std::int64_t first, std::int64_t last) {
            if (m_plan.pool)
                unpool(group, first, last);
        });
        if (m_plan.parameters[1].value && m_plan.pool)
            addPooledBiasGradients(slice, group);
        else if (m_plan.parameters[1].value)
            addBiasGradients(job, m_plan.gradient(slice, 1));
    }

    static constexpr int mostPhases = 49; // a stride up to 7 in both directions
    LayerPlan m_plan;
    Planned m_forward;
    Planned m_backward[mostPhases];
    int m_phases = 0;
    float* m_packed = nullptr; ///< a thread: weights for forward, then for backward
    Winners m_winners;         ///< where there is a pool, and anything to learn
};

} // namespace

Layer* makeConvolution(const LayerPlan& plan)
{
    return new Convolution(plan);
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
