// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/layers.h"
#include "core/lane/layers/rows.h"

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
/// Phase 0 gathers figures of each group, from which every thread works out the same figures of the whole
/// batch at the beginning of phase 1. Outside a training, and where a channel has one value only, m and v are
/// the running ones, and do not depend on x.
class BatchNorm final : public Layer
{
public:
    explicit BatchNorm(const LayerPlan& plan)
        : m_plan(plan), m_channels(plan.output.channels), m_positions(plan.output.positions()),
          m_figures(plan.memory->take(figuresFloats() * 2)),
          m_shared(plan.memory->take(plan.threads * m_channels * 4)),
          m_pending(plan.memory->take(m_channels * 2))
    {}

    int forwardPhases() const override { return 2; }
    int backwardPhases() const override { return 2; }

    void beginForward(const Pass& pass, const Slice& slice, int phase) override
    {
        if (phase == 0)
            return;
        for (std::int64_t c = 0; c < m_channels; ++c) {
            Moments moments{m_plan.parameters[RunningMean].value[c],
                            m_plan.parameters[RunningVariance].value[c]};
            if (ofBatch(pass)) {
                moments = momentsOf(pass, c);
                if (slice.thread == 0)
                    prepareRunning(pass, c, moments);
            }
            const double scale = 1 / __builtin_sqrt(moments.variance + m_plan.number);
            float* shared = sharedOf(slice, c);
            shared[0] = static_cast<float>(moments.mean);
            shared[1] = static_cast<float>(scale);
        }
    }

    void forward(const Pass& pass, const Slice& slice, int phase) override
    {
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            if (phase == 1)
                normalise(slice, group);
            else if (ofBatch(pass))
                gather(group);
        }
    }

    void beginBackward(const Pass& pass, const Slice& slice, int phase) override
    {
        if (phase == 0)
            return;
        const double n = static_cast<double>(pass.batch.count * m_positions);
        const std::int64_t groups = (pass.batch.count + lanes - 1) / lanes;
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
            float* shared = sharedOf(slice, c);
            shared[2] = ofBatch(pass) ? static_cast<float>(all[0] / n) : 0.0f;
            shared[3] = ofBatch(pass) ? static_cast<float>(all[1] / n) : 0.0f;
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

    bool ofBatch(const Pass& pass) const { return pass.training && pass.batch.count * m_positions > 1; }
    Vec* figuresOf(std::int64_t group, std::int64_t channel) const
    {
        return vectors(m_figures) + (group * m_channels + channel) * 2;
    }
    /// Of the backward pass, in a place of their own: a thread may be there already while another one still
    /// reads the figures of the forward pass.
    Vec* sumsOf(std::int64_t group, std::int64_t channel) const
    {
        return vectors(m_figures + figuresFloats()) + (group * m_channels + channel) * 2;
    }
    std::int64_t figuresFloats() const { return m_plan.groups * m_channels * 2 * lanes; }
    /// Mean, 1 / √(v + ε), and of the backward pass B / n, W / n.
    float* sharedOf(const Slice& slice, std::int64_t channel) const
    {
        return m_shared + (slice.thread * m_channels + channel) * 4;
    }

    /// Mean of each lane, and the sum of the squared distances from it.
    void gather(std::int64_t group) const
    {
        const Map& in = m_plan.inputs[0].value;
        for (std::int64_t c = 0; c < m_channels; ++c) {
            Vec sum = {};
            for (std::int64_t row = 0; row < in.height; ++row) {
                const Vec* x = rowOf(in, group, c, row);
                for (std::int64_t q = 0; q < in.width; ++q)
                    sum += x[q];
            }
            const Vec mean = sum / static_cast<float>(m_positions);
            Vec squares = {};
            for (std::int64_t row = 0; row < in.height; ++row) {
                const Vec* x = rowOf(in, group, c, row);
                for (std::int64_t q = 0; q < in.width; ++q)
                    squares += (x[q] - mean) * (x[q] - mean);
            }
            figuresOf(group, c)[0] = mean;
            figuresOf(group, c)[1] = squares;
        }
    }

    /// Those of all samples from those of each: squares add up, and so do the distances of the means.
    Moments momentsOf(const Pass& pass, std::int64_t channel) const
    {
        const auto lane = [&](std::int64_t sample, int which) -> double {
            return figuresOf(sample / lanes, channel)[which][sample % lanes];
        };
        const std::int64_t count = pass.batch.count;
        double mean = 0;
        for (std::int64_t sample = 0; sample < count; ++sample)
            mean += lane(sample, 0);
        mean /= static_cast<double>(count);
        double squares = 0;
        for (std::int64_t sample = 0; sample < count; ++sample) {
            const double distance = lane(sample, 0) - mean;
            squares += lane(sample, 1) + distance * distance * static_cast<double>(m_positions);
        }
        return {mean, squares / static_cast<double>(count * m_positions)};
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
        forEachRow(in, [&](std::int64_t c, std::int64_t row) {
            const float* shared = sharedOf(slice, c);
            const float mean = shared[0];
            const float scale = shared[1] * m_plan.parameters[Weight].value[c];
            const float bias = m_plan.parameters[Bias].value[c];
            const Vec* x = rowOf(in, group, c, row);
            Vec* y = rowOf(m_plan.output, group, c, row);
            for (std::int64_t q = 0; q < in.width; ++q)
                y[q] = (x[q] - mean) * scale + bias;
        });
    }

    void gatherBackward(const Slice& slice, std::int64_t group) const
    {
        const Map& in = m_plan.inputs[0].value;
        for (std::int64_t c = 0; c < m_channels; ++c) {
            const float mean = sharedOf(slice, c)[0];
            const float scale = sharedOf(slice, c)[1];
            Vec sums[2] = {};
            for (std::int64_t row = 0; row < in.height; ++row) {
                const Vec* x = rowOf(in, group, c, row);
                const Vec* g = rowOf(m_plan.outputGradient, group, c, row);
                for (std::int64_t q = 0; q < in.width; ++q) {
                    sums[0] += g[q];
                    sums[1] += g[q] * (x[q] - mean);
                }
            }
            sumsOf(group, c)[0] = sums[0];
            sumsOf(group, c)[1] = sums[1] * scale;
        }
    }

    void inputGradient(const Pass& pass, const Slice& slice, std::int64_t group) const
    {
        const Port& in = m_plan.inputs[0];
        const Vec mask = present(pass.batch.count, group);
        forEachRow(in.value, [&](std::int64_t c, std::int64_t row) {
            const float* shared = sharedOf(slice, c);
            const float mean = shared[0];
            const float scale = shared[1];
            const float meanG = shared[2];
            const float slope = shared[3] * scale;
            const Vec factor = mask * (scale * m_plan.parameters[Weight].value[c]);
            const Vec* x = rowOf(in.value, group, c, row);
            const Vec* g = rowOf(m_plan.outputGradient, group, c, row);
            Vec* to = rowOf(in.gradient, group, c, row);
            for (std::int64_t q = 0; q < in.value.width; ++q) {
                const Vec part = factor * (g[q] - meanG - (x[q] - mean) * slope);
                to[q] = in.adds ? to[q] + part : part;
            }
        });
    }

    LayerPlan m_plan;
    std::int64_t m_channels;
    std::int64_t m_positions;
    float* m_figures; ///< a group and channel: two vectors
    float* m_shared;
    float* m_pending;
    bool m_hasPending = false;
};

} // namespace

Layer* makeBatchNorm(const LayerPlan& plan)
{
    return new BatchNorm(plan);
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
