// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/philox.h"
#include "core/base/philoxlanes.h"
#include "core/lane/layer.h"
#include "core/lane/vec.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// What dropout multiplies with: 0, or 1 / (1 - p). Element i, row-major over the whole batch, looks at word
/// i of Random(seed, Purpose::Dropout, step, node), as core/engine/dropoutmask.h says: word i % 4 of block i
/// / 4.
class DropoutMask
{
public:
    DropoutMask(double p, int node, std::int64_t features)
        : m_node(static_cast<std::uint32_t>(node)), m_features(features),
          m_keep(static_cast<float>(1 / (1 - p)))
    {
        const double bound = p * 0x1p32 + 0.5;
        m_threshold = bound < 0x1p32 - 1 ? static_cast<std::uint32_t>(bound) : 0xFFFFFFFFu;
    }

    float kept() const { return m_keep; }

    /// Calls \p each(feature, factors) for the features of a group in their order.
    template <class Each>
    void forEach(const Pass& pass, std::int64_t group, const Each& each) const
    {
        if (m_features % 4 == 0)
            forWholeBlocks(pass, group, each);
        else
            forWords(pass, group, each);
    }

private:
    /// The words of the blocks whose numbers stand in words[0].
    [[gnu::always_inline]] void drawWords(const Pass& pass, std::uint32_t (&words)[4][lanes]) const
    {
        for (int lane = 0; lane < lanes; ++lane) {
            words[1][lane] = m_node;
            words[2][lane] = static_cast<std::uint32_t>(pass.step);
            words[3][lane] = (static_cast<std::uint32_t>(Purpose::Dropout) << 24) ^
                             static_cast<std::uint32_t>(pass.step >> 32);
        }
        philoxLanes(words, static_cast<std::uint32_t>(pass.seed),
                    static_cast<std::uint32_t>(pass.seed >> 32));
    }

    /// Where the features of a sample are whole blocks, the lanes draw the same words of blocks of their own:
    /// four features at a time.
    template <class Each>
    void forWholeBlocks(const Pass& pass, std::int64_t group, const Each& each) const
    {
        const auto blocks = static_cast<std::uint32_t>(m_features / 4); // of a sample
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
                const Vec factors = word < threshold ? Vec{} : kept;
                each(static_cast<std::int64_t>(block) * 4 + i, factors);
            }
        }
    }

    /// Else each feature draws its block and picks its word.
    template <class Each>
    void forWords(const Pass& pass, std::int64_t group, const Each& each) const
    {
        for (std::int64_t feature = 0; feature < m_features; ++feature) {
            std::uint32_t words[4][lanes];
            const auto element = [&](int lane) { return (group * lanes + lane) * m_features + feature; };
            for (int lane = 0; lane < lanes; ++lane)
                words[0][lane] = static_cast<std::uint32_t>(element(lane) / 4);
            drawWords(pass, words);
            Vec factors = {};
            for (int lane = 0; lane < lanes; ++lane)
                factors[lane] = words[element(lane) % 4][lane] < m_threshold ? 0.0f : m_keep;
            each(feature, factors);
        }
    }

    std::uint32_t m_node;
    std::int64_t m_features; ///< of a sample
    float m_keep;
    std::uint32_t m_threshold = 0;
};

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
