// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/layers.h"
#include "core/lane/layers/rows.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// Places [first, last) of one axis of the input, and by how much a mean of them is divided.
struct Window
{
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t size = 0; ///< with padding
};

Window windowAt(const LayerPlan& plan, int axis, std::int64_t place)
{
    const std::int64_t length = axis == 0 ? plan.inputs[0].value.height : plan.inputs[0].value.width;
    const std::int64_t begin = place * plan.stride[axis] - plan.padding[axis];
    const std::int64_t end = begin + plan.kernel[axis];
    return {begin < 0 ? 0 : begin, end > length ? length : end, plan.kernel[axis]};
}

/// The areas of adaptiveavgpool2d: from ⌊i × length / size⌋ to ⌈(i + 1) × length / size⌉.
Window areaAt(const LayerPlan& plan, int axis, std::int64_t place)
{
    const std::int64_t length = axis == 0 ? plan.inputs[0].value.height : plan.inputs[0].value.width;
    const std::int64_t size = axis == 0 ? plan.output.height : plan.output.width;
    const std::int64_t first = place * length / size;
    const std::int64_t last = ((place + 1) * length + size - 1) / size;
    return {first, last, last - first};
}

void zeroMap(const Map& map, std::int64_t group)
{
    forEachRow(map, [&](std::int64_t channel, std::int64_t row) {
        zeroRow(rowOf(map, group, channel, row), map.width);
    });
}

/// maxpool2d: the largest of a window. Its gradient goes to the first place that holds it, as in PyTorch. The
/// largest of what relu leaves is what relu leaves of the largest: so a relu before it is done here, for a
/// quarter of the values; where nothing is left there is no gradient either, and no matter which place held
/// it.
class MaxPool final : public Layer
{
public:
    explicit MaxPool(const LayerPlan& plan) : m_plan(plan) {}

    void forward(const Pass&, const Slice& slice, int) override
    {
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            forEachRow(m_plan.output, [&](std::int64_t channel, std::int64_t row) {
                if (isPlain())
                    return plainRow(group, channel, row);
                Vec* to = rowOf(m_plan.output, group, channel, row);
                for (std::int64_t q = 0; q < m_plan.output.width; ++q)
                    to[q] = largest(group, channel, windowAt(m_plan, 0, row), windowAt(m_plan, 1, q));
            });
    }

    void backward(const Pass&, const Slice& slice, int) override
    {
        const Port& in = m_plan.inputs[0];
        if (!in.wanted)
            return;
        const bool plain = isPlain() && !in.adds && m_plan.output.height * 2 == in.value.height &&
                           m_plan.output.width * 2 == in.value.width;
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            if (!plain && !in.adds)
                zeroMap(in.gradient, group);
            forEachRow(m_plan.output, [&](std::int64_t channel, std::int64_t row) {
                if (plain)
                    return plainBackward(group, channel, row);
                for (std::int64_t q = 0; q < m_plan.output.width; ++q)
                    giveBack(group, channel, row, q);
            });
        }
    }

private:
    bool isPlain() const
    {
        return m_plan.kernel[0] == 2 && m_plan.kernel[1] == 2 && m_plan.stride[0] == 2 &&
               m_plan.stride[1] == 2 && m_plan.padding[0] == 0 && m_plan.padding[1] == 0;
    }

    Vec positive(Vec y) const { return m_plan.relu ? larger(y, Vec{}) : y; }
    Vec gradientOf(Vec g, Vec y) const
    {
        const Vec kept = y > 0.0f ? g : Vec{};
        return m_plan.relu ? kept : g;
    }

    void plainRow(std::int64_t group, std::int64_t channel, std::int64_t row) const
    {
        const Map& in = m_plan.inputs[0].value;
        const Vec* above = rowOf(in, group, channel, 2 * row);
        const Vec* below = above + in.rowStride();
        Vec* to = rowOf(m_plan.output, group, channel, row);
        for (std::int64_t q = 0; q < m_plan.output.width; ++q)
            to[q] = positive(
                larger(larger(above[2 * q], above[2 * q + 1]), larger(below[2 * q], below[2 * q + 1])));
    }

    void plainBackward(std::int64_t group, std::int64_t channel, std::int64_t row) const
    {
        const Port& in = m_plan.inputs[0];
        const Vec* x[2] = {rowOf(in.value, group, channel, 2 * row),
                           rowOf(in.value, group, channel, 2 * row + 1)};
        Vec* to[2] = {rowOf(in.gradient, group, channel, 2 * row),
                      rowOf(in.gradient, group, channel, 2 * row + 1)};
        const Vec* y = rowOf(m_plan.output, group, channel, row);
        const Vec* g = rowOf(m_plan.outputGradient, group, channel, row);
        const std::int64_t nextRows = 2 * in.value.rowStride();
        for (std::int64_t q = 0; q < m_plan.output.width; ++q) {
            Vec left = gradientOf(g[q], y[q]); // until a place has taken it
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i) {
                const Vec* from = &x[i / 2][2 * q + i % 2];
                __builtin_prefetch(from + nextRows); // what was computed long ago is far away by now
                const Vec value = *from;
                to[i / 2][2 * q + i % 2] = value == y[q] ? left : Vec{};
                left = value == y[q] ? Vec{} : left;
            }
        }
    }

    Vec largest(std::int64_t group, std::int64_t channel, const Window& rows, const Window& columns) const
    {
        const Map& in = m_plan.inputs[0].value;
        Vec most = rowOf(in, group, channel, rows.first)[columns.first];
        for (std::int64_t i = rows.first; i < rows.last; ++i)
            for (std::int64_t j = columns.first; j < columns.last; ++j)
                most = larger(most, rowOf(in, group, channel, i)[j]);
        return positive(most);
    }

    void giveBack(std::int64_t group, std::int64_t channel, std::int64_t row, std::int64_t column) const
    {
        const Port& in = m_plan.inputs[0];
        const Window rows = windowAt(m_plan, 0, row);
        const Window columns = windowAt(m_plan, 1, column);
        const Vec y = rowOf(m_plan.output, group, channel, row)[column];
        Vec left = gradientOf(rowOf(m_plan.outputGradient, group, channel, row)[column], y);
        for (std::int64_t i = rows.first; i < rows.last; ++i)
            for (std::int64_t j = columns.first; j < columns.last; ++j) {
                const auto hit = rowOf(in.value, group, channel, i)[j] == y;
                rowOf(in.gradient, group, channel, i)[j] += hit ? left : Vec{};
                left = hit ? Vec{} : left;
            }
    }

    LayerPlan m_plan;
};

/// avgpool2d and adaptiveavgpool2d: y = Σ x of a window / its size, padding counted as PyTorch does.
class AveragePool final : public Layer
{
public:
    AveragePool(const LayerPlan& plan, bool adaptive) : m_plan(plan), m_window(adaptive ? areaAt : windowAt)
    {}

    void forward(const Pass&, const Slice& slice, int) override
    {
        const Map& in = m_plan.inputs[0].value;
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            forEachRow(m_plan.output, [&](std::int64_t channel, std::int64_t row) {
                const Window rows = m_window(m_plan, 0, row);
                for (std::int64_t q = 0; q < m_plan.output.width; ++q) {
                    const Window columns = m_window(m_plan, 1, q);
                    Vec sum = {};
                    for (std::int64_t i = rows.first; i < rows.last; ++i)
                        for (std::int64_t j = columns.first; j < columns.last; ++j)
                            sum += rowOf(in, group, channel, i)[j];
                    rowOf(m_plan.output, group, channel, row)[q] = sum * share(rows, columns);
                }
            });
    }

    void backward(const Pass&, const Slice& slice, int) override
    {
        const Port& in = m_plan.inputs[0];
        if (!in.wanted)
            return;
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            if (!in.adds)
                zeroMap(in.gradient, group);
            forEachRow(m_plan.output, [&](std::int64_t channel, std::int64_t row) {
                const Window rows = m_window(m_plan, 0, row);
                for (std::int64_t q = 0; q < m_plan.output.width; ++q) {
                    const Window columns = m_window(m_plan, 1, q);
                    const Vec part =
                        rowOf(m_plan.outputGradient, group, channel, row)[q] * share(rows, columns);
                    for (std::int64_t i = rows.first; i < rows.last; ++i)
                        for (std::int64_t j = columns.first; j < columns.last; ++j)
                            rowOf(in.gradient, group, channel, i)[j] += part;
                }
            });
        }
    }

private:
    static float share(const Window& rows, const Window& columns)
    {
        return 1.0f / static_cast<float>(rows.size * columns.size);
    }

    LayerPlan m_plan;
    Window (*m_window)(const LayerPlan&, int, std::int64_t);
};

} // namespace

Layer* makeMaxPool(const LayerPlan& plan)
{
    return new MaxPool(plan);
}

Layer* makeAveragePool(const LayerPlan& plan, bool adaptive)
{
    return new AveragePool(plan, adaptive);
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
