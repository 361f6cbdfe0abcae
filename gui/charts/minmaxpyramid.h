// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace torchdesk {

/// For every run of 16, 32, 64 … values the places of the smallest and the largest, so that any stretch of a
/// million points can be drawn from a thousand buckets without losing a spike. A value that is not finite is
/// passed over; a bucket of nothing else is a gap. Appending costs O(1) on average, memory is one byte and a
/// half a value.
class MinMaxPyramid
{
public:
    struct Bucket
    {
        static constexpr std::uint32_t none = 0xffffffff;
        std::uint32_t lowest = none; ///< places of the extremes
        std::uint32_t highest = none;
        bool empty() const { return lowest == none; }
    };

    static constexpr int firstLevel = 4; ///< buckets of 2^4 values are the finest that are kept

    /// Takes in what \p values has beyond what was seen; \p values only ever grows.
    void extend(std::span<const double> values);
    void clear();
    std::size_t count() const { return m_count; }
    /// The values [index << level, (index + 1) << level), also where the last bucket is not full. Any level ≥
    /// 0.
    Bucket bucket(std::span<const double> values, int level, std::size_t index) const;

private:
    static Bucket scan(std::span<const double> values, std::size_t first, std::size_t last);
    static Bucket merged(std::span<const double> values, Bucket left, Bucket right);

    std::vector<std::vector<Bucket>> m_levels; ///< [0] is firstLevel; full buckets only
    std::size_t m_count = 0;
};

} // namespace torchdesk
