// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/plotview.h"

#include "gui/app/theme.h"
#include "gui/widgets/figures.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QPainter>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {
constexpr double rightMargin = 10;
constexpr double topMargin = 8;
constexpr double bottomMargin = 22;
} // namespace

PlotView::PlotView(QWidget* parent) : QChartView(new QChart, parent)
{
    chart()->setBackgroundVisible(false);
    chart()->legend()->hide();
    chart()->setMargins({});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setAnimationOptions(QChart::NoAnimation);
    const auto axis = [this](Qt::Alignment alignment) {
        auto* made = new QValueAxis(chart());
        made->setRange(0, 1);
        made->setVisible(false);
        chart()->addAxis(made, alignment);
        return made;
    };
    m_x = axis(Qt::AlignBottom);
    m_y = axis(Qt::AlignLeft);

    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setBackgroundBrush(Qt::NoBrush);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(160, 90);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

QLineSeries* PlotView::addLine()
{
    auto* line = new QLineSeries(chart());
    chart()->addSeries(line);
    line->attachAxis(m_x);
    line->attachAxis(m_y);
    return line;
}

void PlotView::removeLine(QLineSeries* line)
{
    chart()->removeSeries(line);
    delete line;
}

void PlotView::setDressing(PlotDressing dressing)
{
    const bool moved = dressing.labelWidth != m_dressing.labelWidth;
    m_dressing = std::move(dressing);
    if (moved)
        layOut();
    viewport()->update();
}

double PlotView::labelWidthOf(const std::vector<Tick>& ticks) const
{
    double widest = 0;
    for (const Tick& tick : ticks)
        widest = std::max(widest, figuresWidth(fontFor(TextRole::Small), tick.label));
    return std::ceil(widest);
}

void PlotView::layOut()
{
    const double left = m_dressing.labelWidth + 6;
    const QRectF area(left, topMargin, std::max(10.0, width() - left - rightMargin),
                      std::max(10.0, height() - topMargin - bottomMargin));
    if (area == m_area)
        return;
    m_area = area;
    chart()->setPlotArea(m_area);
    Q_EMIT resized();
}

void PlotView::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    layOut();
}

QPointF PlotView::pixel(const QPointF& place) const
{
    return {m_area.left() + place.x() * m_area.width(), m_area.bottom() - place.y() * m_area.height()};
}

QPointF PlotView::place(const QPointF& pixel) const
{
    return {(pixel.x() - m_area.left()) / m_area.width(), (m_area.bottom() - pixel.y()) / m_area.height()};
}

void PlotView::drawBackground(QPainter* painter, const QRectF&)
{
    painter->save();
    painter->setFont(fontFor(TextRole::Small));
    painter->setRenderHint(QPainter::Antialiasing, false);
    for (const Tick& tick : m_dressing.yTicks) {
        const double y = std::round(pixel({0, tick.value}).y());
        painter->setPen(theme().grid);
        painter->drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
        painter->setPen(theme().muted);
        drawFigures(*painter, QRectF(0, y - 9, m_area.left() - 6, 18), Qt::AlignRight | Qt::AlignVCenter,
                    tick.label);
    }
    painter->setPen(theme().muted);
    painter->drawText(QRectF(rect()), Qt::AlignCenter | Qt::TextWordWrap, m_dressing.hint);
    double free = 0; // labels do not run into each other
    for (const Tick& tick : m_dressing.xTicks) {
        const double wide = figuresWidth(painter->font(), tick.label);
        const double middle = pixel({tick.value, 0}).x();
        const double left = std::clamp(middle - wide / 2, 0.0, std::max(0.0, width() - wide - 1));
        if (left < free)
            continue;
        drawFigures(*painter, QRectF(left, m_area.bottom() + 6, wide + 1, 16),
                    Qt::AlignLeft | Qt::AlignVCenter, tick.label);
        free = left + wide + 10;
    }
    drawBands(*painter);
    painter->restore();
}

/// A column without height is as high as a line is wide.
void PlotView::drawBands(QPainter& painter) const
{
    painter.setClipRect(m_area);
    for (const PlotDressing::Band& band : m_dressing.bands) {
        QList<QLineF> columns;
        // Where the area has just moved the spans are of another width, until they are made anew.
        const double step = m_area.width() / std::max(1.0, double(band.spans.size()));
        double x = m_area.left() + step / 2;
        for (const ColumnSpan& span : band.spans) {
            const double from = pixel({0, span.high}).y();
            const double to = std::max(pixel({0, span.low}).y(), from + 1);
            if (!span.empty())
                columns.append({x, from, x, to});
            x += step;
        }
        painter.setPen(QPen(band.colour, 1, Qt::SolidLine, Qt::FlatCap));
        painter.drawLines(columns);
    }
}

void PlotView::drawForeground(QPainter* painter, const QRectF&)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    drawReference(*painter);
    drawMarkers(*painter);
    if (m_dressing.cursor && *m_dressing.cursor >= 0 && *m_dressing.cursor <= 1) {
        const double x = std::round(pixel({*m_dressing.cursor, 0}).x()) + 0.5;
        painter->setPen(QPen(theme().faint, 1));
        painter->drawLine(QPointF(x, m_area.top()), QPointF(x, m_area.bottom()));
    }
    const QRectF band = bandRect();
    if (!band.isEmpty()) {
        QColor fill = theme().accent;
        fill.setAlphaF(0.12f);
        painter->fillRect(band, fill);
        painter->setPen(QPen(theme().accent, 1));
        painter->drawRect(band);
    } else {
        drawTip(*painter);
    }
    painter->restore();
}

void PlotView::drawMarkers(QPainter& painter) const
{
    const QRectF visible(-0.001, -0.001, 1.002, 1.002);
    for (const PlotDressing::Markers& markers : m_dressing.markers)
        for (const QPointF& at : markers.places)
            if (visible.contains(at))
                drawMarker(painter, pixel(at), markerOf(markers.style), colourOf(markers.style));
}

void PlotView::drawReference(QPainter& painter) const
{
    if (!m_dressing.reference || m_dressing.reference->y < 0 || m_dressing.reference->y > 1)
        return;
    const double y = std::round(pixel({0, m_dressing.reference->y}).y()) + 0.5;
    painter.setPen(QPen(theme().faint, 1, Qt::DotLine));
    painter.drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
    painter.setFont(fontFor(TextRole::Small));
    painter.setPen(theme().muted);
    // Above the line where there is room, at the right, where curves are rarely as low.
    const double top = y - 18 > m_area.top() ? y - 18 : y + 2;
    painter.drawText(QRectF(m_area.left(), top, m_area.width() - 2, 16), Qt::AlignRight | Qt::AlignVCenter,
                     m_dressing.reference->label);
}

void PlotView::drawTip(QPainter& painter) const
{
    if (m_dressing.tip.empty() || !m_dressing.cursor || *m_dressing.cursor < 0 || *m_dressing.cursor > 1)
        return;
    if (!m_inside && !hasFocus())
        return; // the chart below shows only the line: a table there would hide its curves
    const QFont font = fontFor(TextRole::Small);
    QFont bold = font;
    bold.setBold(true);
    double names = figuresWidth(font, m_dressing.tipTitle);
    double values = 0;
    for (const PlotDressing::TipRow& row : m_dressing.tip) {
        names = std::max(names, figuresWidth(font, row.name) + 16);
        values = std::max(values, figuresWidth(bold, row.value));
    }
    const double rowHeight = 17;
    const QSizeF size(names + values + 32, rowHeight * (double(m_dressing.tip.size()) + 1) + 12);
    QPointF corner(pixel({*m_dressing.cursor, 0}).x() + 12, m_inside ? m_mouse.y() + 12 : m_area.top() + 4);
    if (corner.x() + size.width() > width())
        corner.rx() -= size.width() + 24;
    corner.ry() = std::clamp(corner.y(), 2.0, std::max(2.0, height() - size.height() - 2));
    const QRectF box(corner, size);
    painter.setPen(QPen(theme().fieldBorder, 1));
    painter.setBrush(theme().panel);
    painter.drawRoundedRect(box, 6, 6);
    QRectF line(box.left() + 10, box.top() + 6, box.width() - 20, rowHeight);
    painter.setFont(font);
    painter.setPen(theme().muted);
    drawFigures(painter, line, Qt::AlignLeft | Qt::AlignVCenter, m_dressing.tipTitle);
    for (const PlotDressing::TipRow& row : m_dressing.tip) {
        line.translate(0, rowHeight);
        painter.setPen(QPen(row.colour, 2));
        painter.drawLine(QPointF(line.left(), line.center().y()),
                         QPointF(line.left() + 10, line.center().y()));
        painter.setPen(theme().muted);
        painter.setFont(font);
        painter.drawText(line.adjusted(16, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, row.name);
        painter.setPen(theme().text);
        painter.setFont(bold);
        drawFigures(painter, line, Qt::AlignRight | Qt::AlignVCenter, row.value);
    }
}

QRectF PlotView::bandRect() const
{
    if (!m_pressed || m_panning)
        return {};
    // A flat drag takes the whole height, a steep one the whole width.
    QRectF band = QRectF(*m_pressed, m_mouse).normalized();
    if (band.width() < 6 && band.height() < 6)
        return {};
    if (band.height() < 14) {
        band.setTop(m_area.top());
        band.setBottom(m_area.bottom());
    } else if (band.width() < 14) {
        band.setLeft(m_area.left());
        band.setRight(m_area.right());
    }
    return band.intersected(m_area);
}

} // namespace torchdesk
