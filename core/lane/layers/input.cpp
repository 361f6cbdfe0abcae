// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/layers.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// The samples of the batch, lane by lane: as many values of as many samples as there are lanes are read row
/// by row and transposed. Bytes are scaled on the way in.
class Input final : public Layer
{
public:
    explicit Input(const LayerPlan& plan)
        : m_plan(plan), m_features(plan.output.features()),
          m_places(reinterpret_cast<std::int32_t*>(plan.memory->take(m_features)))
    {
        const Map& out = m_plan.output;
        for (std::int64_t feature = 0; feature < m_features; ++feature) {
            const std::int64_t position = feature % out.positions();
            m_places[feature] =
                static_cast<std::int32_t>(out.origin() + feature / out.positions() * out.channelStride() +
                                          position / out.width * out.rowStride() + position % out.width);
        }
    }

    void forward(const Pass& pass, const Slice& slice, int) override
    {
        const Batch& batch = pass.batch;
        const std::int64_t plane = m_plan.output.positions();
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            Vec* out = vectors(m_plan.output.data) + group * m_plan.output.groupStride();
            const Vec mask = present(batch.count, group);
            std::int64_t channel = 0;
            for (std::int64_t feature = 0; feature < m_features; feature += lanes) {
                const std::int64_t left = m_features - feature;
                const int count = static_cast<int>(left < lanes ? left : lanes);
                Vec rows[lanes];
                for (int lane = 0; lane < lanes; ++lane)
                    rows[lane] = read(batch, group * lanes + lane, feature, count);
                transpose(rows);
                for (int i = 0; i < count; ++i) {
                    while (feature + i >= (channel + 1) * plane)
                        ++channel;
                    out[m_places[feature + i]] =
                        batch.values ? rows[i]
                                     : (rows[i] * batch.factor[channel] + batch.offset[channel]) * mask;
                }
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

    LayerPlan m_plan;
    std::int64_t m_features;
    std::int32_t* m_places; ///< of each feature, in vectors from the beginning of a group
};

} // namespace

Layer* makeInput(const LayerPlan& plan)
{
    return new Input(plan);
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
