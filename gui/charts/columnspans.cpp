// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/columnspans.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

class SpanBuilder
{
public:
    explicit SpanBuilder(int columns) : m_spans(std::size_t(std::max(columns, 0))) {}

    void addPoint(const QPointF& point) { extend(columnOf(point.x()), point.y()); }

    void addLine(QPointF from, QPointF to)
    {
        if (from.x() > to.x())
            std::swap(from, to);
        const double rise = to.x() > from.x() ? (to.y() - from.y()) / (to.x() - from.x()) : 0;
        const auto at = [&](double x) { return from.y() + rise * (x - from.x()); };
        addPoint(from);
        addPoint(to);
        const int last = std::min(columnOf(to.x()), columns());
        for (int column = std::max(columnOf(from.x()), -1); column < last; ++column) {
            const double edge = at(double(column + 1) / columns()); // it passes from here to the next one
            extend(column, edge);
            extend(column + 1, edge);
        }
    }

    std::vector<ColumnSpan> take() { return std::move(m_spans); }

private:
    int columns() const { return int(m_spans.size()); }
    /// The right edge of the plot belongs to the last one.
    int columnOf(double x) const
    {
        return x == 1 ? columns() - 1 : int(std::floor(std::clamp(x, -1.0, 2.0) * columns()));
    }

    void extend(int column, double y)
    {
        if (column < 0 || column >= columns())
            return;
        ColumnSpan& span = m_spans[std::size_t(column)];
        span.low = std::min(span.low, y);
        span.high = std::max(span.high, y);
    }

    std::vector<ColumnSpan> m_spans;
};

} // namespace

std::vector<ColumnSpan> columnSpans(const ScalarSeries::Pieces& pieces, int columns)
{
    SpanBuilder builder(columns);
    for (const auto& piece : pieces) {
        if (!piece.isEmpty())
            builder.addPoint(piece.front());
        for (qsizetype i = 1; i < piece.size(); ++i)
            builder.addLine(piece[i - 1], piece[i]);
    }
    return builder.take();
}

} // namespace torchdesk
