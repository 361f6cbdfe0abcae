// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/layers.h"
#include "core/lane/layers/rows.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// The samples of the batch, lane by lane: as many values of as many samples as there are lanes are read row
/// by row and transposed. Bytes are scaled on the way in.
class Input final : public Layer
{
public:
    explicit Input(const LayerPlan& plan) : m_plan(plan), m_features(plan.output.features()) {}

    void forward(const Pass& pass, const Slice& slice, int) override
    {
        const Batch& batch = pass.batch;
        const std::int64_t plane = m_plan.output.positions();
        for (std::int64_t group = slice.first; group < slice.last; ++group)
            for (std::int64_t feature = 0; feature < m_features; feature += lanes) {
                const std::int64_t left = m_features - feature;
                const int count = static_cast<int>(left < lanes ? left : lanes);
                Vec rows[lanes];
                for (int lane = 0; lane < lanes; ++lane)
                    rows[lane] = read(batch, group * lanes + lane, feature, count);
                transpose(rows);
                for (int i = 0; i < count; ++i) {
                    const std::int64_t channel = (feature + i) / plane;
                    Vec value = rows[i];
                    if (!batch.values)
                        value = (value * batch.factor[channel] + batch.offset[channel]) *
                                present(batch.count, group);
                    *place(group, feature + i) = value;
                }
            }
    }

    void backward(const Pass&, const Slice&, int) override {}

private:
    Vec read(const Batch& batch, std::int64_t sample, std::int64_t feature, int count) const
    {
        Vec values = {};
        if (sample >= batch.count)
            return values;
        if (batch.values) {
            const float* from = batch.values + sample * m_features + feature;
            __builtin_memcpy(&values, from, static_cast<std::size_t>(count) * sizeof(float));
            return values;
        }
        const std::uint8_t* from = batch.samples + batch.indices[sample] * m_features + feature;
        if (count == lanes) {
            using Bytes = std::uint8_t __attribute__((vector_size(lanes)));
            Bytes bytes;
            __builtin_memcpy(&bytes, from, lanes);
            return __builtin_convertvector(__builtin_convertvector(bytes, IntVec), Vec);
        }
        for (int i = 0; i < count; ++i)
            values[i] = from[i];
        return values;
    }

    Vec* place(std::int64_t group, std::int64_t feature) const
    {
        const Map& out = m_plan.output;
        const std::int64_t plane = out.positions();
        return rowOf(out, group, feature / plane, feature % plane / out.width) + feature % out.width;
    }

    LayerPlan m_plan;
    std::int64_t m_features;
};

} // namespace

Layer* makeInput(const LayerPlan& plan)
{
    return new Input(plan);
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
