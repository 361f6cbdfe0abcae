// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/layers.h"
#include "core/lane/layers/moments.h"
#include "core/lane/layers/normalisedrows.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

enum
{
    Weight,
    Bias,
    RunningMean,
    RunningVariance
};

/// batchnorm2d (Ioffe and Szegedy 2015): y = w × h + b with h = (x - m) / √(v + ε), m and v mean and variance
/// of a channel over batch, rows and columns. Backward, with g the gradient by y and n values a channel: by b
/// it is B = Σ g, by w W = Σ g × h, by x it is w / √(v + ε) × (g - B / n - h × W / n).
///
/// It takes over a relu after it, and a pool of 2×2 after that: what they would read, write and read once
/// more is the largest map of many networks. A pool's output is the normalised value of the chosen of four x.
///
/// Phase 0 gathers figures of each group, where the convolution before has not, from which every thread works
/// out the same figures of the whole batch at the beginning of phase 1. Outside a training, and where a
/// channel has one value only, m and v are the running ones, and do not depend on x.
class BatchNorm final : public Layer
{
public:
    explicit BatchNorm(const LayerPlan& plan)
        : m_plan(plan), m_channels(plan.output.channels), m_positions(plan.inputs[0].value.positions()),
          m_sums(plan.memory->take(plan.groups * m_channels * 2 * lanes)),
          m_pending(plan.memory->take(m_channels * 2))
    {
        static_assert(sizeof(Normalised) % sizeof(float) == 0);
        constexpr auto floats = static_cast<std::int64_t>(sizeof(Normalised) / sizeof(float));
        m_normalised = reinterpret_cast<Normalised*>(plan.memory->take(plan.threads * m_channels * floats));
    }

    int forwardPhases() const override { return 2; }
    int backwardPhases() const override { return 2; }

    void beginForward(const Pass& pass, const Slice& slice, int phase) override
    {
        for (std::int64_t c = 0; phase == 1 && c < m_channels; ++c) {
            Moments moments{value(RunningMean, c), value(RunningVariance, c)};
            if (ofBatch(pass)) {
                moments = momentsOf(pass, c);
                if (slice.thread == 0)
                    prepareRunning(pass, c, moments);
            }
            Normalised& channel = normalisedOf(slice, c);
            channel.mean = static_cast<float>(moments.mean);
            channel.scale = static_cast<float>(1 / __builtin_sqrt(moments.variance + m_plan.number));
            channel.weight = value(Weight, c);
            channel.bias = value(Bias, c);
            channel.floor = m_plan.relu ? 0.0f : -__builtin_inff();
        }
    }

    void forward(const Pass& pass, const Slice& slice, int phase) override
    {
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            if (phase == 1)
                normalise(slice, group);
            else if (ofBatch(pass) && !m_plan.gathered)
                gather(group);
        }
    }

    void beginBackward(const Pass& pass, const Slice& slice, int phase) override
    {
        if (phase == 0)
            return;
        const double n = static_cast<double>(pass.batch.count * m_positions);
        const std::int64_t groups = groupsOf(pass.batch.count, lanes);
        for (std::int64_t c = 0; c < m_channels; ++c) {
            double all[2] = {0, 0};
            double own[2] = {0, 0};
            for (std::int64_t group = 0; group < groups; ++group)
                for (int i = 0; i < 2; ++i) {
                    const double sum = sumOfLanes(sumsOf(group, c)[i]);
                    all[i] += sum;
                    if (group >= slice.first && group < slice.last)
                        own[i] += sum;
                }
            m_plan.gradient(slice, Bias)[c] = static_cast<float>(own[0]);
            m_plan.gradient(slice, Weight)[c] = static_cast<float>(own[1]);
            Normalised& channel = normalisedOf(slice, c);
            channel.meanGradient = ofBatch(pass) ? static_cast<float>(all[0] / n) : 0.0f;
            channel.slope = ofBatch(pass) ? static_cast<float>(all[1] / n) * channel.scale : 0.0f;
        }
    }

    void backward(const Pass& pass, const Slice& slice, int phase) override
    {
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            if (phase == 0)
                gatherBackward(slice, group);
            else if (m_plan.inputs[0].wanted)
                inputGradient(pass, slice, group);
        }
    }

    void commit() override
    {
        for (std::int64_t c = 0; c < m_channels && m_hasPending; ++c) {
            m_plan.parameters[RunningMean].value[c] = m_pending[2 * c];
            m_plan.parameters[RunningVariance].value[c] = m_pending[2 * c + 1];
        }
        m_hasPending = false;
    }

private:
    struct Moments
    {
        double mean = 0;
        double variance = 0;
    };

    float value(int parameter, std::int64_t channel) const
    {
        return m_plan.parameters[parameter].value[channel];
    }
    bool ofBatch(const Pass& pass) const
    {
        return pass.training && !m_plan.frozen && pass.batch.count * m_positions > 1;
    }
    /// Of the backward pass, Σ g and Σ g × h.
    Vec* sumsOf(std::int64_t group, std::int64_t channel) const
    {
        return vectors(m_sums) + (group * m_channels + channel) * 2;
    }
    Normalised& normalisedOf(const Slice& slice, std::int64_t channel) const
    {
        return m_normalised[slice.thread * m_channels + channel];
    }
    TwoRows twoRows(const Map& map, std::int64_t group, std::int64_t channel, std::int64_t row) const
    {
        Vec* above = rowOf(map, group, channel, 2 * row);
        return {above, above + map.rowStride()};
    }

    void gather(std::int64_t group) const
    {
        const Map& in = m_plan.inputs[0].value;
        forEachRow(in, [&](std::int64_t c, std::int64_t row) {
            addRow(*sumsAt(m_plan.moments, in, group, c), row, rowOf(in, group, c, row), in.width);
        });
    }

    /// Those of all samples from those of each: squares add up, and so do the distances of the means.
    Moments momentsOf(const Pass& pass, std::int64_t channel) const
    {
        const Map& in = m_plan.inputs[0].value;
        const std::int64_t count = pass.batch.count;
        const auto positions = static_cast<double>(m_positions);
        double mean = 0;
        for (std::int64_t sample = 0; sample < count; ++sample) {
            const Sums& sums = *sumsAt(m_plan.moments, in, sample / lanes, channel);
            mean += sums.shift[sample % lanes] + sums.first[sample % lanes] / positions;
        }
        mean /= static_cast<double>(count);
        double squares = 0;
        for (std::int64_t sample = 0; sample < count; ++sample) {
            const Sums& sums = *sumsAt(m_plan.moments, in, sample / lanes, channel);
            const double first = sums.first[sample % lanes];
            const double distance = sums.shift[sample % lanes] + first / positions - mean;
            squares +=
                sums.second[sample % lanes] - first * first / positions + distance * distance * positions;
        }
        return {mean, (squares > 0 ? squares : 0) / (static_cast<double>(count) * positions)};
    }

    /// As PyTorch: the running variance takes the unbiased one.
    void prepareRunning(const Pass& pass, std::int64_t c, const Moments& moments)
    {
        const double n = static_cast<double>(pass.batch.count * m_positions);
        const double a = m_plan.momentum;
        m_pending[2 * c] =
            static_cast<float>((1 - a) * m_plan.parameters[RunningMean].value[c] + a * moments.mean);
        m_pending[2 * c + 1] = static_cast<float>((1 - a) * m_plan.parameters[RunningVariance].value[c] +
                                                  a * moments.variance * n / (n - 1));
        m_hasPending = true;
    }

    void normalise(const Slice& slice, std::int64_t group) const
    {
        const Map& in = m_plan.inputs[0].value;
        forEachRow(m_plan.output, [&](std::int64_t c, std::int64_t row) {
            const Normalised& channel = normalisedOf(slice, c);
            Vec* y = rowOf(m_plan.output, group, c, row);
            if (m_plan.pool)
                poolRow(channel, twoRows(in, group, c, row), y, m_plan.output.width);
            else
                normaliseRow(channel, rowOf(in, group, c, row), y, in.width);
        });
    }

    void gatherBackward(const Slice& slice, std::int64_t group) const
    {
        const Map& in = m_plan.inputs[0].value;
        const Map& out = m_plan.output;
        for (std::int64_t c = 0; c < m_channels; ++c) {
            const Normalised& channel = normalisedOf(slice, c);
            Vec sums[2] = {};
            for (std::int64_t row = 0; row < out.height; ++row) {
                const Vec* y = rowOf(out, group, c, row);
                const Vec* g = rowOf(m_plan.outputGradient, group, c, row);
                if (m_plan.pool)
                    addPooledSums(channel, twoRows(in, group, c, row), y, g, out.width, sums);
                else
                    addGradientSums(channel, rowOf(in, group, c, row), y, g, out.width, sums);
            }
            sumsOf(group, c)[0] = sums[0];
            sumsOf(group, c)[1] = sums[1] * channel.scale;
        }
    }

    void inputGradient(const Pass& pass, const Slice& slice, std::int64_t group) const
    {
        const Port& in = m_plan.inputs[0];
        const Map& out = m_plan.output;
        const Vec mask = present(pass.batch.count, group);
        forEachRow(out, [&](std::int64_t c, std::int64_t row) {
            const Normalised& channel = normalisedOf(slice, c);
            const Vec factor = mask * (channel.scale * channel.weight);
            const Vec* y = rowOf(out, group, c, row);
            const Vec* g = rowOf(m_plan.outputGradient, group, c, row);
            if (m_plan.pool)
                pooledGradientRows(channel, factor, twoRows(in.value, group, c, row), y, g,
                                   twoRows(in.gradient, group, c, row), out.width);
            else
                gradientRow(channel, factor, rowOf(in.value, group, c, row), y, g,
                            rowOf(in.gradient, group, c, row), out.width, in.adds);
        });
    }

    LayerPlan m_plan;
    std::int64_t m_channels;
    std::int64_t m_positions; ///< of the input
    float* m_sums;            ///< a group and channel: two vectors
    float* m_pending;
    Normalised* m_normalised = nullptr; ///< a thread and channel
    bool m_hasPending = false;
};

} // namespace

Layer* makeBatchNorm(const LayerPlan& plan)
{
    return new BatchNorm(plan);
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
