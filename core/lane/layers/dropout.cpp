// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/base/philoxlanes.h"
#include "core/lane/layers/layers.h"
#include "core/lane/layers/rows.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// dropout: y = x × mask. Element i of the mask, row-major over the whole batch, looks at word i of
/// Random(seed, Purpose::Dropout, step, node), as core/engine/dropoutmask.h says: word i % 4 of block i / 4.
class Dropout final : public Layer
{
public:
    explicit Dropout(const LayerPlan& plan)
        : m_plan(plan), m_features(plan.output.features()), m_keep(static_cast<float>(1 / (1 - plan.number))),
          m_mask(plan.memory->take(plan.groups * m_features * lanes))
    {
        const double bound = plan.number * 0x1p32 + 0.5;
        m_threshold = bound < 0x1p32 - 1 ? static_cast<std::uint32_t>(bound) : 0xFFFFFFFFu;
    }

    void forward(const Pass& pass, const Slice& slice, int) override
    {
        const bool drops = pass.training && m_plan.number > 0;
        for (std::int64_t group = slice.first; group < slice.last; ++group) {
            if (drops)
                draw(pass, group);
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
    Vec* maskOf(std::int64_t group) const { return vectors(m_mask) + group * m_features; }

    /// The words of the blocks whose numbers stand in words[0].
    [[gnu::always_inline]] void drawWords(const Pass& pass, std::uint32_t (&words)[4][lanes]) const
    {
        for (int lane = 0; lane < lanes; ++lane) {
            words[1][lane] = static_cast<std::uint32_t>(m_plan.node);
            words[2][lane] = static_cast<std::uint32_t>(pass.step);
            words[3][lane] = (static_cast<std::uint32_t>(Purpose::Dropout) << 24) ^
                             static_cast<std::uint32_t>(pass.step >> 32);
        }
        philoxLanes(words, static_cast<std::uint32_t>(pass.seed),
                    static_cast<std::uint32_t>(pass.seed >> 32));
    }

    void draw(const Pass& pass, std::int64_t group) const
    {
        if (m_features % 4 == 0)
            drawWhole(pass, group);
        else
            drawEach(pass, group);
    }

    /// Where the features of a sample are whole blocks, the lanes draw the same words of blocks of their own:
    /// four features at a time.
    void drawWhole(const Pass& pass, std::int64_t group) const
    {
        const auto blocks = static_cast<std::uint32_t>(m_features / 4); // of a sample
        Vec* to = maskOf(group);
        const Vec kept = broadcast(m_keep);
        const std::uint32_t threshold = m_threshold;
        UintVec number = {};
        for (int lane = 0; lane < lanes; ++lane)
            number[lane] = static_cast<std::uint32_t>(group * lanes + lane) * blocks;
        for (std::uint32_t block = 0; block < blocks; ++block, number += 1) {
            std::uint32_t words[4][lanes];
            __builtin_memcpy(words[0], &number, sizeof number);
            drawWords(pass, words);
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i) {
                UintVec word;
                __builtin_memcpy(&word, words[i], sizeof word);
                *to++ = word < threshold ? Vec{} : kept;
            }
        }
    }

    /// Else each feature draws its block and picks its word.
    void drawEach(const Pass& pass, std::int64_t group) const
    {
        float* to = m_mask + group * m_features * lanes;
        for (std::int64_t feature = 0; feature < m_features; ++feature, to += lanes) {
            std::uint32_t words[4][lanes];
            const auto element = [&](int lane) { return (group * lanes + lane) * m_features + feature; };
            for (int lane = 0; lane < lanes; ++lane)
                words[0][lane] = static_cast<std::uint32_t>(element(lane) / 4);
            drawWords(pass, words);
            for (int lane = 0; lane < lanes; ++lane)
                to[lane] = words[element(lane) % 4][lane] < m_threshold ? 0.0f : m_keep;
        }
    }

    void apply(std::int64_t group, const Map& from, const Map& to, bool drops, bool adds) const
    {
        const Vec* mask = maskOf(group);
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
    float m_keep;
    float* m_mask;
    std::uint32_t m_threshold = 0;
};

} // namespace

Layer* makeDropout(const LayerPlan& plan)
{
    return new Dropout(plan);
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
