// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/layers.h"
#include "core/lane/layers/rows.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// A copy of each input, which a layer lays out in the output: its channels from `channel` on.
class Joining : public Layer
{
public:
    explicit Joining(const LayerPlan& plan) : m_plan(plan) {}

protected:
    void copyIn(std::int64_t group, const Port& in, std::int64_t first, bool adds) const
    {
        forEachRow(in.value, [&](std::int64_t channel, std::int64_t row) {
            copyRow(rowOf(in.value, group, channel, row), rowOf(m_plan.output, group, first + channel, row),
                    in.value.width, adds);
        });
    }

    void copyBack(std::int64_t group, const Port& in, std::int64_t first) const
    {
        if (!in.wanted || in.gradient.data == m_plan.outputGradient.data) // the very same place
            return;
        forEachRow(in.gradient, [&](std::int64_t channel, std::int64_t row) {
            copyRow(rowOf(m_plan.outputGradient, group, first + channel, row),
                    rowOf(in.gradient, group, channel, row), in.gradient.width, in.adds);
        });
    }

    LayerPlan m_plan;
};

/// add: y = Σ inputs; each input has the gradient of y. The first input may be where the output is.
class Add final : public Joining
{
public:
    using Joining::Joining;

    void forward(const Pass&, const Slice& slice, int) override
    {
        const bool inPlace = m_plan.inputs[0].value.data == m_plan.output.data;
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            for (int i = inPlace ? 1 : 0; i < m_plan.inputCount; ++i)
                copyIn(group, m_plan.inputs[i], 0, i > 0);
    }

    void backward(const Pass&, const Slice& slice, int) override
    {
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            for (int i = 0; i < m_plan.inputCount; ++i)
                copyBack(group, m_plan.inputs[i], 0);
    }
};

/// concat: the channels of each input one after another.
class Concat final : public Joining
{
public:
    using Joining::Joining;

    void forward(const Pass&, const Slice& slice, int) override
    {
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            std::int64_t first = 0;
            for (int i = 0; i < m_plan.inputCount; ++i) {
                copyIn(group, m_plan.inputs[i], first, false);
                first += m_plan.inputs[i].value.channels;
            }
        }
    }

    void backward(const Pass&, const Slice& slice, int) override
    {
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            std::int64_t first = 0;
            for (int i = 0; i < m_plan.inputCount; ++i) {
                copyBack(group, m_plan.inputs[i], first);
                first += m_plan.inputs[i].value.channels;
            }
        }
    }
};

/// flatten: [channel][row][column] as one list of features. Where there is no halo it is the same memory, and
/// nothing is done.
class Flatten final : public Layer
{
public:
    explicit Flatten(const LayerPlan& plan) : m_plan(plan) {}

    void forward(const Pass&, const Slice& slice, int) override
    {
        const Map& in = m_plan.inputs[0].value;
        if (in.data == m_plan.output.data)
            return;
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            forEachRow(in, [&](std::int64_t channel, std::int64_t row) {
                copyRow(rowOf(in, group, channel, row), feature(m_plan.output, group, channel, row), in.width,
                        false);
            });
    }

    void backward(const Pass&, const Slice& slice, int) override
    {
        const Port& in = m_plan.inputs[0];
        if (!in.wanted || in.gradient.data == m_plan.outputGradient.data)
            return;
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            forEachRow(in.gradient, [&](std::int64_t channel, std::int64_t row) {
                copyRow(feature(m_plan.outputGradient, group, channel, row),
                        rowOf(in.gradient, group, channel, row), in.gradient.width, in.adds);
            });
    }

private:
    Vec* feature(const Map& flat, std::int64_t group, std::int64_t channel, std::int64_t row) const
    {
        const Map& in = m_plan.inputs[0].value;
        return vectors(flat.data) + flat.groupOffset(group) + (channel * in.height + row) * in.width;
    }

    LayerPlan m_plan;
};

/// subsample: every so many rows and columns, then channels of zeros on both sides (the option-A shortcut of
/// He et al. 2016).
class Subsample final : public Layer
{
public:
    explicit Subsample(const LayerPlan& plan) : m_plan(plan) {}

    void forward(const Pass&, const Slice& slice, int) override
    {
        const Map& in = m_plan.inputs[0].value;
        const Map& out = m_plan.output;
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            forEachRow(out, [&](std::int64_t channel, std::int64_t row) {
                Vec* to = rowOf(out, group, channel, row);
                const std::int64_t source = channel - before();
                if (source < 0 || source >= in.channels)
                    return zeroRow(to, out.width);
                const Vec* from = rowOf(in, group, source, row * m_plan.stride[0]);
                for (std::int64_t q = 0; q < out.width; ++q)
                    to[q] = from[q * m_plan.stride[1]];
            });
    }

    void backward(const Pass&, const Slice& slice, int) override
    {
        const Port& in = m_plan.inputs[0];
        if (!in.wanted)
            return;
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            forEachRow(in.gradient, [&](std::int64_t channel, std::int64_t row) {
                Vec* to = rowOf(in.gradient, group, channel, row);
                if (!in.adds)
                    zeroRow(to, in.gradient.width);
                if (row % m_plan.stride[0] != 0)
                    return;
                const Vec* g =
                    rowOf(m_plan.outputGradient, group, before() + channel, row / m_plan.stride[0]);
                for (std::int64_t q = 0; q * m_plan.stride[1] < in.gradient.width; ++q)
                    to[q * m_plan.stride[1]] += g[q];
            });
    }

private:
    std::int64_t before() const { return (m_plan.output.channels - m_plan.inputs[0].value.channels) / 2; }

    LayerPlan m_plan;
};

} // namespace

Layer* makeAdd(const LayerPlan& plan)
{
    return new Add(plan);
}

Layer* makeConcat(const LayerPlan& plan)
{
    return new Concat(plan);
}

Layer* makeFlatten(const LayerPlan& plan)
{
    return new Flatten(plan);
}

Layer* makeSubsample(const LayerPlan& plan)
{
    return new Subsample(plan);
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
