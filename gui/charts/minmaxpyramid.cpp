// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/minmaxpyramid.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

void MinMaxPyramid::clear()
{
    m_levels.clear();
    m_count = 0;
}

MinMaxPyramid::Bucket MinMaxPyramid::scan(std::span<const double> values, std::size_t first, std::size_t last)
{
    Bucket bucket;
    for (std::size_t i = first; i < last; ++i) {
        if (!std::isfinite(values[i]))
            continue;
        const auto place = static_cast<std::uint32_t>(i);
        if (bucket.empty())
            bucket = {place, place};
        else if (values[i] < values[bucket.lowest])
            bucket.lowest = place;
        else if (values[i] > values[bucket.highest])
            bucket.highest = place;
    }
    return bucket;
}

MinMaxPyramid::Bucket MinMaxPyramid::merged(std::span<const double> values, Bucket left, Bucket right)
{
    if (left.empty())
        return right;
    if (right.empty())
        return left;
    return {values[right.lowest] < values[left.lowest] ? right.lowest : left.lowest,
            values[right.highest] > values[left.highest] ? right.highest : left.highest};
}

void MinMaxPyramid::extend(std::span<const double> values)
{
    m_count = values.size();
    if (m_levels.empty())
        m_levels.emplace_back();
    for (std::size_t b = m_levels[0].size(); ((b + 1) << firstLevel) <= m_count; ++b)
        m_levels[0].push_back(scan(values, b << firstLevel, (b + 1) << firstLevel));
    for (std::size_t level = 1; m_levels[level - 1].size() >= 2; ++level) {
        if (m_levels.size() == level)
            m_levels.emplace_back();
        const std::vector<Bucket>& finer = m_levels[level - 1];
        for (std::size_t b = m_levels[level].size(); 2 * b + 1 < finer.size(); ++b)
            m_levels[level].push_back(merged(values, finer[2 * b], finer[2 * b + 1]));
    }
}

MinMaxPyramid::Bucket MinMaxPyramid::bucket(std::span<const double> values, int level,
                                            std::size_t index) const
{
    const auto depth = static_cast<std::size_t>(level - firstLevel);
    if (level >= firstLevel && depth < m_levels.size() && index < m_levels[depth].size())
        return m_levels[depth][index];
    const std::size_t first = index << level;
    const std::size_t last = std::min((index + 1) << level, values.size());
    if (first >= last)
        return {};
    if (level <= firstLevel)
        return scan(values, first, last);
    return merged(values, bucket(values, level - 1, 2 * index), bucket(values, level - 1, 2 * index + 1));
}

} // namespace torchdesk
