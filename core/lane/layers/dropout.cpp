// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/dropoutmask.h"
#include "core/lane/layers/layers.h"
#include "core/lane/layers/rows.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// dropout: y = x × mask. See dropoutmask.h; after a linear and a relu it is done by the linear.
class Dropout final : public Layer
{
public:
    explicit Dropout(const LayerPlan& plan)
        : m_plan(plan), m_features(plan.output.features()), m_mask(plan.number, plan.node, m_features),
          m_factors(plan.memory->take(plan.groups * m_features * lanes))
    {}

    void forward(const Pass& pass, const Slice& slice, int) override
    {
        const bool drops = pass.training && m_plan.number > 0;
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            Vec* factors = factorsOf(group);
            if (drops)
                m_mask.forEach(pass, group, [factors](std::int64_t k, Vec mask) { factors[k] = mask; });
            if (drops || m_plan.output.data != m_plan.inputs[0].value.data)
                apply(group, m_plan.inputs[0].value, m_plan.output, drops, false);
        }
    }

    void backward(const Pass& pass, const Slice& slice, int) override
    {
        const Port& in = m_plan.inputs[0];
        if (!in.wanted)
            return;
        const bool drops = pass.training && m_plan.number > 0;
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            apply(group, m_plan.outputGradient, in.gradient, drops, in.adds);
    }

private:
    Vec* factorsOf(std::int64_t group) const { return vectors(m_factors) + group * m_features; }

    void apply(std::int64_t group, const Map& from, const Map& to, bool drops, bool adds) const
    {
        const Vec* mask = factorsOf(group);
        forEachRow(from, [&](std::int64_t channel, std::int64_t row) {
            const Vec* x = rowOf(from, group, channel, row);
            Vec* y = rowOf(to, group, channel, row);
            for (std::int64_t q = 0; q < from.width; ++q) {
                const Vec value = drops ? x[q] * mask[q] : x[q];
                y[q] = adds ? y[q] + value : value;
            }
            mask += from.width;
        });
    }

    LayerPlan m_plan;
    std::int64_t m_features;
    DropoutMask m_mask;
    float* m_factors; ///< a group and feature: a vector, for the backward pass
};

} // namespace

Layer* makeDropout(const LayerPlan& plan)
{
    return new Dropout(plan);
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
