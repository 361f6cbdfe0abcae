// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/scalarseries.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

/// Collects points and begins a new piece after a gap. Beyond 32 gaps lines go on across: nobody could see
/// more.
class PieceBuilder
{
public:
    PieceBuilder(ScalarSeries::Pieces& pieces, const std::function<double(double)>& place)
        : m_pieces(pieces), m_place(place)
    {}

    void gap() { m_open = m_open && m_pieces.size() >= 32; }

    void add(double x, double value)
    {
        const double y = m_place ? m_place(value) : value;
        if (!std::isfinite(y))
            return gap();
        if (!m_open)
            m_pieces.emplace_back();
        m_open = true;
        m_pieces.back().append(QPointF(x, y));
    }

private:
    ScalarSeries::Pieces& m_pieces;
    const std::function<double(double)>& m_place;
    bool m_open = false;
};

int levelFor(std::size_t count, std::size_t buckets)
{
    int level = 1;
    while ((count >> level) + 2 > buckets)
        ++level;
    return level;
}

} // namespace

void ScalarSeries::append(std::span<const double> steps, std::span<const double> values,
                          std::span<const double> seconds)
{
    const std::size_t count = std::min(steps.size(), values.size());
    for (std::size_t i = 0; i < count; ++i)
        append(steps[i], values[i], i < seconds.size() ? std::optional(seconds[i]) : std::nullopt);
}

void ScalarSeries::append(double step, double value, std::optional<double> seconds)
{
    m_ordered = m_ordered && (m_steps.empty() || step >= m_steps.back()) &&
                (!seconds || m_seconds.empty() || *seconds >= m_seconds.back());
    if (seconds && m_seconds.size() == m_steps.size())
        m_seconds.push_back(*seconds);
    m_steps.push_back(step);
    m_values.push_back(value);
}

void ScalarSeries::clear()
{
    const double weight = m_weight;
    *this = ScalarSeries();
    setSmoothing(weight);
}

void ScalarSeries::setSmoothing(double weight)
{
    weight = std::clamp(weight, 0.0, 0.999);
    if (weight == m_weight)
        return;
    m_weight = weight;
    m_smoother = Smoother(m_weight);
    m_smoothed.clear();
    m_smoothPyramid.clear();
}

void ScalarSeries::catchUp()
{
    if (m_weight > 0) {
        for (std::size_t i = m_smoothed.size(); i < m_values.size(); ++i)
            m_smoothed.push_back(m_smoother.next(m_values[i]));
        m_smoothPyramid.extend(m_smoothed);
    }
    m_rawPyramid.extend(m_values);
}

std::span<const double> ScalarSeries::smoothed()
{
    catchUp();
    return m_weight > 0 ? m_smoothed : m_values;
}

std::optional<ScalarSeries::Extent> ScalarSeries::extent(XKind kind) const
{
    const auto x = xs(kind);
    if (x.empty())
        return std::nullopt;
    if (m_ordered)
        return Extent{x.front(), x.back()};
    const auto [low, high] = std::minmax_element(x.begin(), x.end());
    return Extent{*low, *high};
}

std::optional<std::size_t> ScalarSeries::nearest(XKind kind, double x) const
{
    const auto all = xs(kind);
    if (all.empty())
        return std::nullopt;
    if (!m_ordered) {
        const auto closer = [x](double a, double b) { return std::abs(a - x) < std::abs(b - x); };
        return std::size_t(std::min_element(all.begin(), all.end(), closer) - all.begin());
    }
    const auto after = std::size_t(std::lower_bound(all.begin(), all.end(), x) - all.begin());
    if (after == 0)
        return 0;
    if (after == all.size())
        return after - 1;
    return all[after] - x < x - all[after - 1] ? after : after - 1;
}

ScalarSeries::Range ScalarSeries::range(std::span<const double> x, double from, double to) const
{
    if (!m_ordered)
        return {0, x.size()};
    auto first = std::size_t(std::lower_bound(x.begin(), x.end(), from) - x.begin());
    auto last = std::size_t(std::upper_bound(x.begin(), x.end(), to) - x.begin());
    return {first > 0 ? first - 1 : 0, std::min(last + 1, x.size())};
}

ScalarSeries::Pieces ScalarSeries::reduce(XKind kind, double from, double to, bool smoothedValues,
                                          std::size_t buckets, const std::function<double(double)>& place)
{
    catchUp();
    Pieces pieces;
    const auto x = xs(kind);
    const bool smooth = smoothedValues && m_weight > 0;
    const std::vector<double>& values = smooth ? m_smoothed : m_values;
    const auto [first, last] = range(x, from, to);
    buckets = std::clamp<std::size_t>(buckets, 4, maximumPoints / 2 - 1);
    PieceBuilder builder(pieces, place);
    if (last - first <= 2 * buckets) {
        for (std::size_t i = first; i < last; ++i)
            builder.add(x[i], values[i]);
        return pieces;
    }
    // Buckets stand at fixed places of the series, so that a curve that grows does not flicker.
    const MinMaxPyramid& pyramid = smooth ? m_smoothPyramid : m_rawPyramid;
    const int level = levelFor(last - first, buckets);
    std::uint32_t newest = MinMaxPyramid::Bucket::none;
    for (std::size_t b = first >> level; b <= (last - 1) >> level; ++b) {
        const MinMaxPyramid::Bucket bucket = pyramid.bucket(values, level, b);
        if (bucket.empty()) {
            builder.gap();
            continue;
        }
        const auto [early, late] = std::minmax(bucket.lowest, bucket.highest);
        builder.add(x[early], values[early]);
        if (late != early)
            builder.add(x[late], values[late]);
        newest = late;
    }
    if (newest < last - 1)
        builder.add(x[last - 1], values[last - 1]); // the curve ends at its newest point
    return pieces;
}

} // namespace torchdesk
