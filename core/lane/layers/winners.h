// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/layer.h"
#include "core/lane/layers/rows.h"

/// A maxpool2d of 2×2, and a relu before it, done by who makes what it reads.
namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// The largest of a window, and which it was: a bit of the first that is as large, none if a relu takes all.
struct Winner
{
    Vec value;
    UintVec bit;
};

[[maybe_unused, gnu::always_inline]] inline Winner winnerOf(const Vec (&x)[4], bool relu)
{
    Winner winner{x[0], UintVec{} + 1};
#pragma GCC unroll 3
    for (int i = 1; i < 4; ++i) {
        const UintVec bit = UintVec{} + (1u << i);
        winner.bit = x[i] > winner.value ? bit : winner.bit;
        winner.value = larger(winner.value, x[i]);
    }
    if (relu) {
        winner.bit = winner.value > 0.0f ? winner.bit : UintVec{};
        winner.value = larger(winner.value, Vec{});
    }
    return winner;
}

/// The bits of a map's windows, those of eight windows of a row in one word of each lane.
class Winners
{
public:
    void place(const Map& pooled, std::int64_t groups, Memory& memory)
    {
        m_pooled = pooled;
        m_words = (pooled.width + windowsOfWord - 1) / windowsOfWord;
        m_bits = memory.take(groups * pooled.channels * pooled.height * m_words * lanes);
    }
    bool areKept() const { return m_bits != nullptr; }

    /// The windows of a word come in their order.
    [[gnu::always_inline]] void keep(std::int64_t group, std::int64_t channel, std::int64_t row,
                                     std::int64_t column, UintVec bit) const
    {
        UintVec& word = wordsOf(group, channel, row)[column / windowsOfWord];
        const auto place = static_cast<std::uint32_t>(column % windowsOfWord * 4);
        word = place == 0 ? bit : word | (bit << place);
    }

    /// g, the gradient of a row of the pooled map, goes to where the largest values were.
    void expand(std::int64_t group, std::int64_t channel, std::int64_t row, const Vec* g, Vec* above,
                Vec* below) const
    {
        const UintVec* words = wordsOf(group, channel, row);
        UintVec word = {};
        for (std::int64_t q = 0; q < m_pooled.width; ++q, word >>= 4) {
            if (q % windowsOfWord == 0)
                word = *words++;
            above[2 * q] = (word & 1u) != 0 ? g[q] : Vec{};
            above[2 * q + 1] = (word & 2u) != 0 ? g[q] : Vec{};
            below[2 * q] = (word & 4u) != 0 ? g[q] : Vec{};
            below[2 * q + 1] = (word & 8u) != 0 ? g[q] : Vec{};
        }
    }

    /// What of g goes to any place, added up.
    Vec sum(std::int64_t group, std::int64_t channel, std::int64_t row, const Vec* g) const
    {
        const UintVec* words = wordsOf(group, channel, row);
        UintVec word = {};
        Vec sum = {};
        for (std::int64_t q = 0; q < m_pooled.width; ++q, word >>= 4) {
            if (q % windowsOfWord == 0)
                word = *words++;
            sum += (word & 15u) != 0 ? g[q] : Vec{};
        }
        return sum;
    }

private:
    static constexpr std::int64_t windowsOfWord = 8;

    UintVec* wordsOf(std::int64_t group, std::int64_t channel, std::int64_t row) const
    {
        return reinterpret_cast<UintVec*>(m_bits) +
               ((group * m_pooled.channels + channel) * m_pooled.height + row) * m_words;
    }

    Map m_pooled;
    std::int64_t m_words = 0; ///< of a row
    float* m_bits = nullptr;
};

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
