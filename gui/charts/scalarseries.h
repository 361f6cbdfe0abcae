// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/minmaxpyramid.h"
#include "gui/charts/smoothing.h"

#include <QList>
#include <QPointF>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace torchdesk {

/// What x of a chart means.
enum class XKind
{
    Step,
    Time
};

/// Every point of one curve: step, seconds since the start (where known) and value. Appending only stores
/// (well under 1 µs a point); smoothing and the min/max pyramid catch up when the curve is next drawn. One
/// thread.
class ScalarSeries
{
public:
    /// The points that are drawn of a stretch: pieces of a line between gaps, 2,000 points in all at most.
    using Pieces = std::vector<QList<QPointF>>;
    static constexpr std::size_t maximumPoints = 2000;

    /// Spans of equal length; \p seconds may be empty. Values that are not finite are kept and drawn as gaps.
    void append(std::span<const double> steps, std::span<const double> values,
                std::span<const double> seconds = {});
    void append(double step, double value, std::optional<double> seconds = {});
    void clear();

    std::size_t count() const { return m_values.size(); }
    bool hasTimes() const { return !m_values.empty() && m_seconds.size() == m_values.size(); }
    std::span<const double> steps() const { return m_steps; }
    std::span<const double> seconds() const { return m_seconds; }
    std::span<const double> values() const { return m_values; }
    std::span<const double> smoothed(); ///< as many as values()

    void setSmoothing(double weight); ///< 0 … 0.999; 0 turns it off
    double smoothing() const { return m_weight; }

    struct Extent
    {
        double lowest = 0;
        double highest = 0;
    };
    std::optional<Extent> extent(XKind kind) const; ///< of x
    /// The index of the point whose x is nearest, nullopt without points.
    std::optional<std::size_t> nearest(XKind kind, double x) const;

    /// The stretch \p from … \p to of x, with one point beyond each end so that lines reach the edge, at most
    /// \p buckets minima and maxima. \p place turns a value into what is drawn (log); not finite is a gap.
    Pieces reduce(XKind kind, double from, double to, bool smoothedValues, std::size_t buckets,
                  const std::function<double(double)>& place = {});

private:
    struct Range
    {
        std::size_t first = 0;
        std::size_t last = 0; ///< one beyond
    };
    std::span<const double> xs(XKind kind) const { return kind == XKind::Step ? m_steps : m_seconds; }
    Range range(std::span<const double> x, double from, double to) const;
    void catchUp();

    std::vector<double> m_steps;
    std::vector<double> m_seconds;
    std::vector<double> m_values;
    std::vector<double> m_smoothed;
    MinMaxPyramid m_rawPyramid;
    MinMaxPyramid m_smoothPyramid;
    Smoother m_smoother;
    double m_weight = 0;
    bool m_ordered = true; ///< x never falls; else a stretch is found by looking at all
};

} // namespace torchdesk
