// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/seriesstyle.h"

#include "gui/app/theme.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <array>

namespace torchdesk {

QColor runColour(int run)
{
    // Okabe & Ito, Color Universal Design (2008); yellow darker on white, blue and black lighter in the dark.
    static constexpr std::array<const char*, maximumRuns> light{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                                "#e69f00", "#56b4e9", "#1c2127", "#a08f00"};
    static constexpr std::array<const char*, maximumRuns> dark{"#56b4e9", "#f0904a", "#2cc295", "#d99abb",
                                                               "#e69f00", "#4f8fe0", "#e6e9ed", "#f0e442"};
    const auto place = std::size_t(((run % maximumRuns) + maximumRuns) % maximumRuns);
    return QColor(QLatin1String(theme().dark ? dark[place] : light[place]));
}

QColor colourOf(const SeriesStyle& style)
{
    switch (style.role) {
    case SeriesStyle::Role::Training:
        return theme().training;
    case SeriesStyle::Role::Validation:
    case SeriesStyle::Role::TopFive:
        return theme().validation;
    case SeriesStyle::Role::Run:
        return runColour(style.run);
    }
    return theme().text;
}

QColor rawColourOf(const SeriesStyle& style)
{
    if (style.role == SeriesStyle::Role::Training)
        return theme().trainingRaw;
    QColor colour = colourOf(style);
    colour.setAlphaF(0.3f);
    return colour;
}

QPen penOf(const SeriesStyle& style)
{
    QPen pen(colourOf(style), 1.6, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    if (style.role == SeriesStyle::Role::TopFive)
        pen.setDashPattern({3, 3});
    if (style.role != SeriesStyle::Role::Run || style.run == 0)
        return pen;
    static const std::array<QList<qreal>, maximumRuns> dashes{
        {{}, {6, 2}, {2, 2}, {7, 2, 1.5, 2}, {10, 3}, {4, 2, 1, 2, 1, 2}, {1, 1.5}, {12, 2, 2, 2}}};
    pen.setDashPattern(dashes[std::size_t(std::clamp(style.run, 0, maximumRuns - 1))]);
    return pen;
}

MarkerShape markerOf(const SeriesStyle& style)
{
    if (style.role == SeriesStyle::Role::TopFive)
        return MarkerShape::Ring;
    return style.role == SeriesStyle::Role::Run ? MarkerShape(std::clamp(style.run, 0, maximumRuns - 1))
                                                : MarkerShape::Circle;
}

bool hasMarkers(const SeriesStyle& style)
{
    return style.role == SeriesStyle::Role::Validation || style.role == SeriesStyle::Role::TopFive ||
           (style.role == SeriesStyle::Role::Run && style.markers);
}

bool isSmoothed(const SeriesStyle& style)
{
    return !hasMarkers(style);
}

void drawMarker(QPainter& painter, const QPointF& centre, MarkerShape shape, const QColor& colour)
{
    const double r = 3.6;
    const auto polygon = [&](std::initializer_list<QPointF> corners) {
        QPolygonF points;
        for (const QPointF& corner : corners)
            points << centre + corner * r;
        painter.drawPolygon(points);
    };
    // A rim in the colour of the ground sets the marker off from its line.
    painter.setPen(QPen(theme().panel, 1.2));
    painter.setBrush(colour);
    switch (shape) {
    case MarkerShape::Circle:
        painter.drawEllipse(centre, r, r);
        break;
    case MarkerShape::Square:
        painter.drawRect(QRectF(centre.x() - r * .9, centre.y() - r * .9, r * 1.8, r * 1.8));
        break;
    case MarkerShape::Diamond:
        polygon({{0, -1.25}, {1.25, 0}, {0, 1.25}, {-1.25, 0}});
        break;
    case MarkerShape::Triangle:
        polygon({{0, -1.2}, {1.15, .9}, {-1.15, .9}});
        break;
    case MarkerShape::TriangleDown:
        polygon({{0, 1.2}, {1.15, -.9}, {-1.15, -.9}});
        break;
    case MarkerShape::Cross:
        painter.setPen(QPen(colour, 2));
        painter.drawLine(centre + QPointF(-r, -r), centre + QPointF(r, r));
        painter.drawLine(centre + QPointF(-r, r), centre + QPointF(r, -r));
        break;
    case MarkerShape::Plus:
        painter.setPen(QPen(colour, 2));
        painter.drawLine(centre + QPointF(-r * 1.2, 0), centre + QPointF(r * 1.2, 0));
        painter.drawLine(centre + QPointF(0, -r * 1.2), centre + QPointF(0, r * 1.2));
        break;
    case MarkerShape::Ring:
        painter.setPen(QPen(colour, 1.8));
        painter.setBrush(theme().panel);
        painter.drawEllipse(centre, r, r);
        break;
    }
}

} // namespace torchdesk
