// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/diagram/diagrampainter.h"

#include "core/base/text.h"
#include "gui/app/theme.h"
#include "gui/diagram/layerfamily.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

namespace torchdesk {

namespace {

constexpr double boxRadius = 6;
constexpr double frameRadius = 10;
constexpr double stripe = 5;
constexpr double arrowLength = 6;
constexpr double arrowHalf = 3.5;
constexpr double stackOffset = 3; ///< of the second sheet behind a folded group

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](int x, int y) { return static_cast<int>(x + (y - x) * share + 0.5); };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

class DiagramPainter
{
public:
    DiagramPainter(QPainter& painter, const Diagram& diagram, const Theme& theme, int selected)
        : m_painter(painter), m_diagram(diagram), m_theme(theme), m_selected(selected)
    {}

    void frame(const DiagramFrame& frame)
    {
        const bool selected = frame.item == m_selected;
        const QColor ground = m_theme.dark ? mixed(m_theme.panel, m_theme.chip, 0.45)
                                           : mixed(m_theme.panel, m_theme.chip, 0.55);
        m_painter.setPen(QPen(selected ? m_theme.accent : m_theme.fieldBorder, selected ? 2 : 1));
        m_painter.setBrush(frame.depth % 2 == 0 ? ground : m_theme.panel);
        m_painter.drawRoundedRect(frame.rect.adjusted(0.5, 0.5, -0.5, -0.5), frameRadius, frameRadius);
        m_painter.setFont(fontFor(TextRole::Label));
        m_painter.setPen(m_theme.muted);
        // Left of the line that comes in at the trunk.
        const QRectF place(frame.rect.left() + 12, frame.rect.top() + 4, 96, 18);
        text(place, m_diagram.title(frame.item), Qt::AlignLeft, Qt::ElideLeft);
    }

    void edge(const DiagramEdge& edge)
    {
        QPainterPath path(edge.points.front());
        for (std::size_t i = 1; i < edge.points.size(); ++i) {
            const bool last = i + 1 == edge.points.size();
            QPointF to = edge.points[i];
            if (last && edge.arrow)
                to.ry() -= arrowLength - 1;
            lineTo(path, edge.points[i - 1], to);
        }
        const QColor colour = mixed(m_theme.panel, m_theme.muted, m_theme.dark ? 0.7 : 0.75);
        m_painter.setPen(QPen(colour, 1.4));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawPath(path);
        if (edge.arrow)
            arrow(edge.points.back(), colour);
    }

    void box(const DiagramBox& box)
    {
        const LayerItem& item = m_diagram.item(box.item);
        const bool selected = box.item == m_selected;
        const QRectF rect = box.rect.adjusted(0.5, 0.5, -0.5, -0.5);
        const QPen border(selected ? m_theme.accent : m_theme.fieldBorder, selected ? 2 : 1);
        if (box.folded) {
            m_painter.setPen(QPen(m_theme.fieldBorder, 1));
            m_painter.setBrush(m_theme.chip);
            m_painter.drawRoundedRect(rect.translated(stackOffset, stackOffset), boxRadius, boxRadius);
        }
        const QColor ground = selected ? m_theme.selection : m_theme.dark ? m_theme.field : m_theme.panel;
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(ground);
        m_painter.drawRoundedRect(rect, boxRadius, boxRadius);
        if (box.folded)
            chevron(rect);
        else
            band(rect, familyColour(familyOf(item.kind), m_theme.dark));
        m_painter.setPen(border);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRoundedRect(rect, boxRadius, boxRadius);
        texts(box, item);
    }

private:
    static void lineTo(QPainterPath& path, const QPointF& from, const QPointF& to)
    {
        if (from.x() == to.x()) {
            path.lineTo(to);
            return;
        }
        const double middle = (from.y() + to.y()) / 2;
        path.cubicTo({from.x(), middle}, {to.x(), middle}, to);
    }

    void arrow(const QPointF& tip, const QColor& colour)
    {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(colour);
        m_painter.drawPolygon(QPolygonF(
            {tip, tip + QPointF(-arrowHalf, -arrowLength), tip + QPointF(arrowHalf, -arrowLength)}));
    }

    /// The colour of the family along the left side, within the rounded corners: no clip, which SVG would
    /// lose.
    void band(const QRectF& rect, const QColor& colour)
    {
        QPainterPath whole, left;
        whole.addRoundedRect(rect, boxRadius, boxRadius);
        left.addRect(QRectF(rect.topLeft(), QSizeF(stripe, rect.height())));
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(colour);
        m_painter.drawPath(whole.intersected(left));
    }

    void chevron(const QRectF& rect)
    {
        m_painter.setPen(QPen(m_theme.muted, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        m_painter.setBrush(Qt::NoBrush);
        const QPointF at(rect.left() + 8.5, rect.top() + 14.5);
        m_painter.drawPolyline(
            QPolygonF({at + QPointF(-1.5, -3), at + QPointF(1.5, 0), at + QPointF(-1.5, 3)}));
    }

    void texts(const DiagramBox& box, const LayerItem& item)
    {
        const QRectF inner = box.rect.adjusted(box.folded ? 17 : 14, 4, -10, -5);
        const QString shape = QString::fromStdString(shapeText(item.output));
        const QFont small = fontFor(TextRole::Label);
        const double shapeWidth = QFontMetricsF(small).horizontalAdvance(shape);
        m_painter.setFont(small);
        m_painter.setPen(m_theme.muted);
        const double half = inner.height() / 2;
        text({inner.left(), inner.top(), inner.width(), half}, shape, Qt::AlignRight, Qt::ElideNone);
        text({inner.left(), inner.top() + half, inner.width(), half}, m_diagram.details(box.item),
             Qt::AlignLeft, Qt::ElideRight);
        m_painter.setFont(fontFor(TextRole::Strong));
        m_painter.setPen(m_theme.text);
        text({inner.left(), inner.top(), inner.width() - shapeWidth - 8, half}, m_diagram.title(box.item),
             Qt::AlignLeft, Qt::ElideLeft);
    }

    void text(const QRectF& place, const QString& words, Qt::AlignmentFlag align, Qt::TextElideMode elide)
    {
        const QString shown = elide == Qt::ElideNone
                                  ? words
                                  : QFontMetricsF(m_painter.font()).elidedText(words, elide, place.width());
        m_painter.drawText(place, static_cast<int>(align) | int(Qt::AlignVCenter) | int(Qt::TextSingleLine),
                           shown);
    }

    QPainter& m_painter;
    const Diagram& m_diagram;
    const Theme& m_theme;
    int m_selected;
};

bool isIn(const QRectF& area, const DiagramEdge& edge)
{
    QRectF bounds;
    for (const QPointF& point : edge.points)
        bounds |= QRectF(point, QSizeF(1, 1)).adjusted(-4, -4, 4, 4);
    return bounds.intersects(area);
}

} // namespace

void paintDiagram(QPainter& painter, const Diagram& diagram, const Theme& theme, int selected,
                  const QRectF& area)
{
    painter.setRenderHint(QPainter::Antialiasing);
    DiagramPainter paint(painter, diagram, theme, selected);
    for (const DiagramFrame& frame : diagram.layout().frames)
        if (frame.rect.intersects(area))
            paint.frame(frame);
    for (const DiagramEdge& edge : diagram.layout().edges)
        if (isIn(area, edge))
            paint.edge(edge);
    for (const DiagramBox& box : diagram.layout().boxes)
        if (box.rect.adjusted(-2, -2, 6, 6).intersects(area))
            paint.box(box);
}

} // namespace torchdesk
