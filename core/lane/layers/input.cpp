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
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            const Vec mask = present(pass.batch.count, group);
            const bool whole = !pass.batch.values && (group + 1) * lanes <= pass.batch.count;
            const std::int64_t next = group + 1 < slice.last ? group + 1 : group;
            std::int64_t feature = whole ? gatherBytes(pass.batch, group, next) : 0;
            for (; feature < m_features; feature += lanes) {
                const std::int64_t left = m_features - feature;
                const int count = static_cast<int>(left < lanes ? left : lanes);
                Vec rows[lanes];
                for (int lane = 0; lane < lanes; ++lane)
                    rows[lane] = read(pass.batch, group * lanes + lane, feature, count);
                transpose(rows);
                place(pass.batch, group, feature, rows, count, mask);
            }
        }
    }

    void backward(const Pass&, const Slice&, int) override {}

private:
    using Bytes = std::uint8_t __attribute__((vector_size(lanes)));

    void samplesOf(const Batch& batch, std::int64_t group, const std::uint8_t* (&samples)[lanes]) const
    {
        for (int lane = 0; lane < lanes; ++lane) {
            const std::int64_t sample = group * lanes + lane;
            samples[lane] =
                batch.samples + batch.indices[sample < batch.count ? sample : batch.count - 1] * m_features;
        }
    }

    /// As many features as fill whole vectors, of a group that has a sample in each lane. Gives their number.
    /// The samples lie anywhere in the set: those of the \p next group are on their way meanwhile
    /// (not with 4 lanes, which read too little at a time).
    std::int64_t gatherBytes(const Batch& batch, std::int64_t group, std::int64_t next) const
    {
        const std::uint8_t* from[lanes];
        const std::uint8_t* later[lanes];
        samplesOf(batch, group, from);
        samplesOf(batch, next, later);
        std::int64_t feature = 0;
        for (; feature + lanes <= m_features; feature += lanes) {
            constexpr std::int64_t cacheLine = 64;
            for (std::int64_t lane = feature % cacheLine * lanes / cacheLine, i = 0;
                 i < lanes * lanes / cacheLine; ++i)
                __builtin_prefetch(later[lane + i] + feature);
            Vec rows[lanes];
#pragma GCC unroll 16
            for (int lane = 0; lane < lanes; ++lane)
                rows[lane] = floats(from[lane] + feature);
            transpose(rows);
            place(batch, group, feature, rows, lanes, broadcast(1));
        }
        return feature;
    }

    /// Writes vectors of features one after the other, bytes scaled by their channel and where the mask
    /// has 1.
    [[gnu::always_inline]] void place(const Batch& batch, std::int64_t group, std::int64_t feature,
                                      const Vec* rows, int count, Vec mask) const
    {
        Vec* out = vectors(m_plan.output.data) + m_plan.output.groupOffset(group);
        const std::int64_t plane = m_plan.output.positions();
        std::int64_t channel = feature / plane;
        if (!batch.values && count == lanes && (feature + lanes - 1) / plane == channel) {
            const float factor = batch.factor[channel];
            const float offset = batch.offset[channel];
#pragma GCC unroll 16
            for (int i = 0; i < lanes; ++i)
                out[m_places[feature + i]] = (rows[i] * factor + offset) * mask;
            return;
        }
        for (int i = 0; i < count; ++i) {
            channel = (feature + i) / plane;
            out[m_places[feature + i]] =
                batch.values ? rows[i] : (rows[i] * batch.factor[channel] + batch.offset[channel]) * mask;
        }
    }

    [[gnu::always_inline]] static Vec floats(const std::uint8_t* from)
    {
        Bytes bytes;
        __builtin_memcpy(&bytes, from, lanes);
        return __builtin_convertvector(__builtin_convertvector(bytes, IntVec), Vec);
    }

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
        if (count == lanes)
            return floats(from);
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
