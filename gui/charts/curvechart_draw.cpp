// SPDX-License-Identifier: GPL-3.0-or-later
// How a CurveChart turns its points into lines, ranges and labels.
#include "gui/app/theme.h"
#include "gui/charts/chartlegend.h"
#include "gui/charts/curve.h"

#include <QLineSeries>
#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

constexpr int maximumMarkers = 200; ///< above that dots would only be a band
constexpr int maximumDashed =
    400; ///< a dense line is drawn solid: dashes in noise are slow, and no one sees them
constexpr double nearPixels = 12; ///< the cursor still finds a curve's end
constexpr int sparseMarkers = 6;  ///< along a dense line of a run that has no other marks

/// Moves an end that lies outside along its line to the edge, so that no far point has to be drawn.
void clipEnds(QList<QPointF>& points, double from, double to)
{
    if (points.size() < 2)
        return;
    const auto move = [](QPointF& end, const QPointF& inner, double edge) {
        if (inner.x() != end.x())
            end = QPointF(edge, end.y() + (inner.y() - end.y()) * (edge - end.x()) / (inner.x() - end.x()));
    };
    if (points.front().x() < from && points[1].x() > from)
        move(points.front(), points[1], from);
    if (points.back().x() > to && points[points.size() - 2].x() < to)
        move(points.back(), points[points.size() - 2], to);
}

qsizetype countOf(const ScalarSeries::Pieces& pieces)
{
    qsizetype count = 0;
    for (const auto& piece : pieces)
        count += piece.size();
    return count;
}

/// So many points in so few columns are a band. A very wide plot has more columns than a series gives points.
bool isDense(const ScalarSeries::Pieces& pieces, std::size_t columns)
{
    return countOf(pieces) > qsizetype(std::min(columns, ScalarSeries::maximumPoints / 2 - 1));
}

/// The points that carry a marker: all of a curve of epochs, a few along a dense one.
QList<QPointF> marked(const SeriesStyle& style, const ScalarSeries::Pieces& pieces)
{
    QList<QPointF> points;
    const bool sparse = !hasMarkers(style) && style.role == SeriesStyle::Role::Run && !style.name.isEmpty();
    if (!hasMarkers(style) && !sparse)
        return points;
    for (const auto& piece : pieces)
        points += piece;
    if (!sparse)
        return points.size() <= maximumMarkers ? points : QList<QPointF>();
    QList<QPointF> few;
    for (qsizetype i = 1; i <= sparseMarkers && points.size() > 2 * sparseMarkers; ++i)
        few.append(points[i * points.size() / (sparseMarkers + 1)]);
    return few;
}

void collect(const ScalarSeries::Pieces& pieces, std::vector<double>& values)
{
    for (const auto& piece : pieces)
        for (const QPointF& point : piece)
            values.push_back(point.y());
}

/// Whether a curve has something to say at \p x: not far before its first point or behind its last one.
/// Points of epochs speak for half an epoch around them.
bool reaches(const ScalarSeries& data, XKind kind, double x, double near)
{
    const auto extent = data.extent(kind);
    if (!extent)
        return false;
    const double between = (extent->highest - extent->lowest) / std::max(1.0, double(data.count()) - 1);
    const double room = std::max(near, between / 2);
    return x >= extent->lowest - room && x <= extent->highest + room;
}

/// The median of what is drawn of a curve.
std::optional<double> middleOf(const ScalarSeries::Pieces& pieces)
{
    std::vector<double> values;
    collect(pieces, values);
    if (values.empty())
        return std::nullopt;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

std::function<double(double)> CurveChart::placement() const
{
    if (!m_logarithmic)
        return {};
    return [](double value) { return value > 0 ? std::log10(value) : std::nan(""); };
}

bool CurveChart::hasPoints() const
{
    return std::any_of(m_curves.begin(), m_curves.end(),
                       [](const auto& curve) { return curve->data.count() > 0; });
}

std::optional<ScalarSeries::Extent> CurveChart::xExtent() const
{
    std::optional<ScalarSeries::Extent> all;
    for (const auto& curve : m_curves) {
        const auto extent = curve->data.extent(m_range->kind());
        if (!extent)
            continue;
        if (!all)
            all = extent;
        all->lowest = std::min(all->lowest, extent->lowest);
        all->highest = std::max(all->highest, extent->highest);
    }
    return all;
}

void CurveChart::redraw()
{
    m_redrawing = true;
    ++m_redraws;
    m_dirty = false;
    m_range->report(this, xExtent(), m_plot->labelWidthOf(m_yTicks));
    std::vector<Drawn> drawn = reduceAll();
    chooseY(drawn);
    m_range->report(this, xExtent(), m_plot->labelWidthOf(m_yTicks));
    PlotDressing dressing = dress(drawn);
    assign(drawn);
    m_plot->setDressing(std::move(dressing));
    m_redrawing = false;
    if (!m_figuresShown.isValid())
        refreshLegend(true);
}

std::vector<CurveChart::Drawn> CurveChart::reduceAll()
{
    // One bucket a pixel column shows everything there is to see of noise. Of a smoothed line its least and
    // largest value in a few columns are as fine as pixels are, and fewer points cost less.
    const auto columns = std::size_t(std::max(100.0, m_plot->plotArea().width()));
    const auto place = placement();
    const int smoothedRuns = int(std::count_if(m_curves.begin(), m_curves.end(), [](const auto& curve) {
        return curve->style.role == SeriesStyle::Role::Run && isSmoothed(curve->style);
    }));
    std::vector<Drawn> all;
    for (const auto& curve : m_curves) {
        Drawn drawn{curve.get(), {}, {}};
        const bool smooth = curve->data.smoothing() > 0;
        const bool withRaw =
            smooth && (curve->style.role == SeriesStyle::Role::Training || smoothedRuns == 1);
        const auto reduce = [&](bool smoothed, std::size_t buckets) {
            return curve->data.reduce(m_range->kind(), m_range->from(), m_range->to(), smoothed, buckets,
                                      place);
        };
        drawn.main = reduce(true, smooth ? columns / 2 : columns);
        if (withRaw)
            drawn.raw = reduce(false, columns);
        drawn.mainAsBand = !smooth && isDense(drawn.main, columns);
        drawn.rawAsBand = isDense(drawn.raw, columns);
        all.push_back(std::move(drawn));
    }
    return all;
}

// Markers and last values are in the range whatever the percentiles say, but for those of a run that
// diverged: they must not flatten the rest. The rest is the usual range of the dense lines and the middle of
// the calmest curve with markers, as a validation may well go on far above a training loss near zero. Beside
// other runs little room is left above that, to a run alone nearly all.
ValueRange CurveChart::wantedY(const std::vector<Drawn>& drawn) const
{
    constexpr double roomBesideOthers = 4;
    constexpr double roomAlone = 1e4;
    std::vector<double> values;
    std::vector<double> always;
    std::optional<double> calmest;
    double room = roomAlone;
    for (const Drawn& one : drawn) {
        collect(one.main, hasMarkers(one.curve->style) ? always : values);
        if (const auto middle = hasMarkers(one.curve->style) ? middleOf(one.main) : std::nullopt)
            calmest = std::min(calmest.value_or(*middle), *middle);
        collect(one.raw, values);
        if (!one.main.empty())
            always.push_back(one.main.back().back().y());
        if (one.curve->style.role == SeriesStyle::Role::Run)
            room = roomBesideOthers;
    }
    if (m_logarithmic) {
        values.insert(values.end(), always.begin(), always.end());
        for (double& value : values)
            value = std::pow(10, value);
        return logarithmicRange(values).value_or(ValueRange{-1, 0});
    }
    if (!values.empty()) {
        ValueRange usual = robustRange(values, {});
        usual.high = std::max(usual.high, calmest.value_or(usual.high));
        room *= std::max(usual.high - usual.low, std::abs(usual.high) * 0.1);
        std::erase_if(
            always, [&](double value) { return !(value <= usual.high + room && value >= usual.low - room); });
    }
    return roundedOut(robustRange(std::move(values), always));
}

void CurveChart::chooseY(const std::vector<Drawn>& drawn)
{
    if (m_yZoom) {
        m_y = *m_yZoom;
    } else if (m_fixed && !m_logarithmic) {
        m_y = *m_fixed;
    } else {
        const ValueRange wanted = wantedY(drawn);
        m_y = m_yChosen && !m_logarithmic && !m_range->isZoomed() ? steadied(m_y, wanted) : wanted;
        m_yChosen = hasPoints() && !m_range->isZoomed();
    }
    const int wantedTicks = std::clamp(int(m_plot->plotArea().height() / 45), 2, 6);
    const int ticks = m_yZoom || m_logarithmic ? wantedTicks : std::min(wantedTicks, 4);
    m_yTicks = m_logarithmic ? logarithmicTicks(m_y.low, m_y.high, ticks, m_unit)
                             : linearTicks(m_y.low, m_y.high, ticks, m_unit);
}

QPointF CurveChart::share(const QPointF& point) const
{
    const double x = (point.x() - m_range->from()) / (m_range->to() - m_range->from());
    const double y = (point.y() - m_y.low) / (m_y.high - m_y.low);
    // What is far outside is drawn just outside: painting slows down with huge coordinates.
    return {std::clamp(x, -3.0, 4.0), std::clamp(y, -3.0, 4.0)};
}

QList<QPointF> CurveChart::shares(QList<QPointF> points) const
{
    clipEnds(points, m_range->from(), m_range->to());
    for (QPointF& point : points)
        point = share(point);
    return points;
}

void CurveChart::assignLine(std::vector<QLineSeries*>& pool, ScalarSeries::Pieces pieces, const QPen& pen)
{
    while (pool.size() < pieces.size())
        pool.push_back(m_plot->addLine());
    for (std::size_t i = 0; i < pool.size(); ++i) {
        const QList<QPointF> points = i < pieces.size() ? shares(std::move(pieces[i])) : QList<QPointF>();
        if (pool[i]->pen() != pen)
            pool[i]->setPen(pen);
        if (!points.isEmpty() || pool[i]->count() > 0)
            pool[i]->replace(points);
    }
}

void CurveChart::assign(std::vector<Drawn>& drawn)
{
    for (Drawn& one : drawn) {
        const SeriesStyle& style = one.curve->style;
        QPen solid = penOf(style);
        if (isSmoothed(style) && one.curve->data.smoothing() == 0)
            solid.setWidthF(1);
        if (countOf(one.main) > maximumDashed)
            solid.setStyle(Qt::SolidLine);
        assignLine(one.curve->raw, one.rawAsBand ? ScalarSeries::Pieces() : std::move(one.raw),
                   QPen(rawColourOf(style), 1));
        assignLine(one.curve->main, one.mainAsBand ? ScalarSeries::Pieces() : std::move(one.main), solid);
    }
}

PlotDressing::Band CurveChart::band(ScalarSeries::Pieces pieces, const QColor& colour) const
{
    for (auto& piece : pieces)
        piece = shares(std::move(piece));
    return {colour, columnSpans(pieces, m_plot->columns())};
}

PlotDressing CurveChart::dress(const std::vector<Drawn>& drawn) const
{
    PlotDressing dressing;
    dressing.labelWidth = m_range->labelWidth();
    if (!hasPoints()) {
        dressing.hint = m_hint;
        return dressing;
    }
    const double width = m_range->to() - m_range->from();
    for (Tick& tick : m_range->ticks(std::clamp(int(m_plot->plotArea().width() / 68), 2, 12)))
        dressing.xTicks.push_back({(tick.value - m_range->from()) / width, tick.label});
    for (const Tick& tick : m_yTicks)
        dressing.yTicks.push_back({(tick.value - m_y.low) / (m_y.high - m_y.low), tick.label});
    for (const Drawn& one : drawn) {
        if (one.rawAsBand)
            dressing.bands.push_back(band(one.raw, rawColourOf(one.curve->style)));
        if (one.mainAsBand)
            dressing.bands.push_back(band(one.main, colourOf(one.curve->style)));
        PlotDressing::Markers markers{one.curve->style, marked(one.curve->style, one.main)};
        for (QPointF& point : markers.places)
            point = share(point);
        if (!markers.places.isEmpty())
            dressing.markers.push_back(std::move(markers));
    }
    if (m_reference) {
        const double value = m_logarithmic ? std::log10(*m_reference) : *m_reference;
        if (std::isfinite(value))
            dressing.reference = {share({0, value}).y(), m_referenceLabel};
    }
    describeCursor(dressing);
    return dressing;
}

void CurveChart::describeCursor(PlotDressing& dressing) const
{
    dressing.cursor.reset();
    dressing.tip.clear();
    if (!m_range->cursor() || !hasPoints())
        return;
    const double x = *m_range->cursor();
    const double near =
        (m_range->to() - m_range->from()) * nearPixels / std::max(1.0, m_plot->plotArea().width());
    dressing.cursor = (x - m_range->from()) / (m_range->to() - m_range->from());
    dressing.tipTitle = m_range->text(x);
    for (const auto& curve : m_curves) {
        const auto at = curve->data.nearest(m_range->kind(), x);
        if (!at || !reaches(curve->data, m_range->kind(), x, near))
            continue;
        const double raw = curve->data.values()[*at];
        const double shown = curve->data.smoothed()[*at];
        QString value = figureText(shown, m_unit);
        if (curve->data.smoothing() > 0 && std::isfinite(raw))
            value = tr("%1 (raw %2)").arg(value, figureText(raw, m_unit));
        const SeriesStyle& style = curve->style;
        dressing.tip.push_back(
            {colourOf(style), style.longName.isEmpty() ? style.name : style.longName, value});
    }
}

void CurveChart::refreshCursor()
{
    if (!isVisible())
        return;
    PlotDressing dressing = m_plot->dressing();
    describeCursor(dressing);
    if (m_plot->hasFocus() && dressing.cursor) {
        QStringList words{dressing.tipTitle};
        for (const auto& row : dressing.tip)
            words << tr("%1 %2").arg(row.name, row.value);
        m_plot->setAccessibleDescription(words.join(tr(", ")));
    }
    m_plot->setDressing(std::move(dressing));
}

} // namespace torchdesk
