// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/dropoutmask.h"
#include "core/lane/layers/layers.h"
#include "core/lane/layers/rows.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

constexpr int manyOutputs = manyRegisters ? 6 : 2;
constexpr int manyGroups = 4;

/// y[o] = b[o] + Σ w[o][k] × x[k] over k. Backward, with g the gradient by y: by x[k] it is Σ w[o][k] × g[o]
/// over o, by w[o][k] Σ g[o] × x[k] over the samples, by b[o] Σ g[o] over the samples. For the second the
/// values of a sample are laid side by side first, so that a vector holds several k of one sample.
///
/// A relu after it, and a dropout after that, are done while the outputs are in a near cache. Both let
/// through what is above zero in the end, so that the backward pass needs no mask.
class Linear final : public Layer
{
public:
    explicit Linear(const LayerPlan& plan)
        : m_plan(plan), m_features(plan.inputs[0].value.features()), m_outputs(plan.output.features()),
          m_blocks((m_features + lanes - 1) / lanes),
          m_groups((plan.groups + plan.threads - 1) / plan.threads),
          m_mask(plan.dropoutShare, plan.dropout, m_outputs)
    {
        m_sideBySide = plan.memory->take(plan.threads * sideFloats());
    }

    bool forwardTogether() const override { return true; }
    bool backwardTogether() const override { return true; }

    void forward(const Pass& pass, const Slice& slice, int) override
    {
        std::int64_t group = slice.first;
        for (; group + manyGroups <= slice.last; group += manyGroups) {
            outputsOf<manyGroups>(group);
            for (std::int64_t each = group; each < group + manyGroups; ++each)
                activate(pass, each);
        }
        for (; group < slice.last; ++group) {
            outputsOf<1>(group);
            activate(pass, group);
        }
    }

    void backward(const Pass& pass, const Slice& slice, int) override
    {
        if (slice.first == slice.last)
            return;
        for (std::int64_t group = slice.first; group < slice.last && m_plan.relu; ++group)
            passBack(pass, group);
        weightGradient(slice);
        if (m_plan.parameters[1].value)
            biasGradient(slice);
        if (!m_plan.inputs[0].wanted)
            return;
        std::int64_t group = slice.first;
        for (; group + manyGroups <= slice.last; group += manyGroups)
            inputsOf<manyGroups>(group);
        for (; group < slice.last; ++group)
            inputsOf<1>(group);
    }

private:
    bool drops(const Pass& pass) const { return pass.training && m_plan.dropoutShare > 0; }

    void activate(const Pass& pass, std::int64_t group) const
    {
        Vec* y = of(m_plan.output, group);
        if (drops(pass))
            m_mask.forEach(pass, group, [y](std::int64_t o, Vec mask) { y[o] = larger(y[o], Vec{}) * mask; });
        else if (m_plan.relu)
            for (std::int64_t o = 0; o < m_outputs; ++o)
                y[o] = larger(y[o], Vec{});
    }

    void passBack(const Pass& pass, std::int64_t group) const
    {
        const float factor = drops(pass) ? m_mask.kept() : 1.0f;
        const Vec* y = of(m_plan.output, group);
        Vec* g = of(m_plan.outputGradient, group);
        for (std::int64_t o = 0; o < m_outputs; ++o)
            g[o] = y[o] > 0.0f ? g[o] * factor : Vec{};
    }

    const float* weights() const { return m_plan.parameters[0].value; }
    std::int64_t sideFloats() const { return m_groups * lanes * m_blocks * lanes; }
    static Vec* of(const Map& map, std::int64_t group)
    {
        return vectors(map.data) + group * map.groupStride();
    }

    /// A block of outputs for a few groups: sums of products of a weight and a vector.
    template <int outputs, int groups>
    void outputBlock(std::int64_t o, std::int64_t group) const
    {
        const Map& in = m_plan.inputs[0].value;
        const Vec* x = of(in, group);
        const std::int64_t next = in.groupStride();
        const float* w = weights() + o * m_features;
        const float* bias = m_plan.parameters[1].value;
        Vec sums[outputs][groups];
#pragma GCC unroll 8
        for (int i = 0; i < outputs; ++i)
#pragma GCC unroll 4
            for (int g = 0; g < groups; ++g)
                sums[i][g] = broadcast(bias ? bias[o + i] : 0.0f);
        for (std::int64_t k = 0; k < m_features; ++k) {
            Vec value[groups];
#pragma GCC unroll 4
            for (int g = 0; g < groups; ++g)
                value[g] = x[k + g * next];
#pragma GCC unroll 8
            for (int i = 0; i < outputs; ++i) {
                const float weight = w[i * m_features + k];
#pragma GCC unroll 4
                for (int g = 0; g < groups; ++g)
                    sums[i][g] += weight * value[g];
            }
        }
#pragma GCC unroll 8
        for (int i = 0; i < outputs; ++i)
#pragma GCC unroll 4
            for (int g = 0; g < groups; ++g)
                of(m_plan.output, group + g)[o + i] = sums[i][g];
    }

    template <int groups>
    void outputsOf(std::int64_t group) const
    {
        std::int64_t o = 0;
        for (; o + manyOutputs <= m_outputs; o += manyOutputs)
            outputBlock<manyOutputs, groups>(o, group);
        for (; o + 2 <= m_outputs; o += 2)
            outputBlock<2, groups>(o, group);
        for (; o < m_outputs; ++o)
            outputBlock<1, groups>(o, group);
    }

    template <int inputs, int groups>
    void inputBlock(std::int64_t k, std::int64_t group) const
    {
        const Map& from = m_plan.outputGradient;
        const Port& in = m_plan.inputs[0];
        const Vec* g = of(from, group);
        const std::int64_t next = from.groupStride();
        const float* w = weights() + k;
        Vec sums[inputs][groups];
#pragma GCC unroll 8
        for (int i = 0; i < inputs; ++i)
#pragma GCC unroll 4
            for (int n = 0; n < groups; ++n)
                sums[i][n] = in.adds ? of(in.gradient, group + n)[k + i] : Vec{};
        for (std::int64_t o = 0; o < m_outputs; ++o, w += m_features) {
            Vec value[groups];
#pragma GCC unroll 4
            for (int n = 0; n < groups; ++n)
                value[n] = g[o + n * next];
#pragma GCC unroll 8
            for (int i = 0; i < inputs; ++i) {
                const float weight = w[i];
#pragma GCC unroll 4
                for (int n = 0; n < groups; ++n)
                    sums[i][n] += weight * value[n];
            }
        }
#pragma GCC unroll 8
        for (int i = 0; i < inputs; ++i)
#pragma GCC unroll 4
            for (int n = 0; n < groups; ++n)
                of(in.gradient, group + n)[k + i] = sums[i][n];
    }

    template <int groups>
    void inputsOf(std::int64_t group) const
    {
        std::int64_t k = 0;
        for (; k + manyOutputs <= m_features; k += manyOutputs)
            inputBlock<manyOutputs, groups>(k, group);
        for (; k < m_features; ++k)
            inputBlock<1, groups>(k, group);
    }

    /// [sample][feature], features filled up with zeros to whole vectors.
    Vec* laySideBySide(const Slice& slice) const
    {
        Vec* to = vectors(m_sideBySide + slice.thread * sideFloats());
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            const Vec* x = of(m_plan.inputs[0].value, group);
            Vec* samples = to + (group - slice.first) * lanes * m_blocks;
            for (std::int64_t block = 0; block < m_blocks; ++block) {
                Vec rows[lanes];
                for (int k = 0; k < lanes; ++k)
                    rows[k] = block * lanes + k < m_features ? x[block * lanes + k] : Vec{};
                transpose(rows);
                for (int lane = 0; lane < lanes; ++lane)
                    samples[lane * m_blocks + block] = rows[lane];
            }
        }
        return to;
    }

    /// A block of outputs and vectors of features, over all samples of the thread.
    template <int outputs, int blocks>
    void weightBlock(const Slice& slice, const Vec* x, std::int64_t o, std::int64_t block) const
    {
        const Map& from = m_plan.outputGradient;
        Vec sums[outputs][blocks];
#pragma GCC unroll 8
        for (int i = 0; i < outputs; ++i)
#pragma GCC unroll 4
            for (int b = 0; b < blocks; ++b)
                sums[i][b] = Vec{};
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            const float* g = from.data + (group * from.groupStride() + o) * lanes;
            for (int lane = 0; lane < lanes; ++lane, x += m_blocks)
#pragma GCC unroll 8
                for (int i = 0; i < outputs; ++i) {
                    const float by = g[i * lanes + lane];
#pragma GCC unroll 4
                    for (int b = 0; b < blocks; ++b)
                        sums[i][b] += by * x[b];
                }
        }
        float* to = m_plan.gradient(slice, 0) + o * m_features + block * lanes;
        const std::int64_t room = m_features - block * lanes;
        for (int i = 0; i < outputs; ++i)
            __builtin_memcpy(to + i * m_features, &sums[i][0],
                             static_cast<std::size_t>(room < blocks * lanes ? room : blocks * lanes) *
                                 sizeof(float));
    }

    template <int blocks>
    void weightColumns(const Slice& slice, const Vec* x, std::int64_t block) const
    {
        std::int64_t o = 0;
        for (; o + manyOutputs <= m_outputs; o += manyOutputs)
            weightBlock<manyOutputs, blocks>(slice, x + block, o, block);
        for (; o + 2 <= m_outputs; o += 2)
            weightBlock<2, blocks>(slice, x + block, o, block);
        for (; o < m_outputs; ++o)
            weightBlock<1, blocks>(slice, x + block, o, block);
    }

    void weightGradient(const Slice& slice) const
    {
        const Vec* x = laySideBySide(slice);
        std::int64_t block = 0;
        for (; block + 4 <= m_blocks; block += 4)
            weightColumns<4>(slice, x, block);
        for (; block < m_blocks; ++block)
            weightColumns<1>(slice, x, block);
    }

    void biasGradient(const Slice& slice) const
    {
        float* to = m_plan.gradient(slice, 1);
        for (std::int64_t o = 0; o < m_outputs; ++o) {
            Vec sum = {};
            for (std::int64_t group = slice.first; group < slice.last; ++group)
                sum += of(m_plan.outputGradient, group)[o];
            to[o] = sumOfLanes(sum);
        }
    }

    LayerPlan m_plan;
    std::int64_t m_features;
    std::int64_t m_outputs;
    std::int64_t m_blocks; ///< vectors that hold the features of a sample
    std::int64_t m_groups; ///< most of a thread
    DropoutMask m_mask;
    float* m_sideBySide;
};

} // namespace

Layer* makeLinear(const LayerPlan& plan)
{
    return new Linear(plan);
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
