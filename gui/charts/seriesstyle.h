// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPen>
#include <QString>

namespace torchdesk {

/// How one curve looks and is called. Colours come from the theme when it is drawn.
struct SeriesStyle
{
    enum class Role
    {
        Training,   ///< faint raw curve below, smoothed one solid
        Validation, ///< line with dots, never smoothed
        TopFive,    ///< of validation too: its colour, dashed, with rings
        Run,        ///< one of several runs: the colour, dash and marker of its number
    };
    QString name; ///< in the legend; "" leaves it out of the legend
    Role role = Role::Training;
    int run = 0;          ///< of Role::Run: 0 … 7
    bool markers = false; ///< of Role::Run: dots and no smoothing, as for validation
    QString toolTip;      ///< of its entry in the legend
    QString longName;     ///< beside the cursor, where it differs from name
};

inline constexpr int maximumRuns = 8;

enum class MarkerShape
{
    Circle,
    Square,
    Diamond,
    Triangle,
    TriangleDown,
    Cross,
    Plus,
    Ring
};

/// Okabe and Ito's eight colours in an order whose neighbours differ; black becomes white in the dark.
QColor runColour(int run);
QColor colourOf(const SeriesStyle& style);
QColor rawColourOf(const SeriesStyle& style);
QPen penOf(const SeriesStyle& style);
MarkerShape markerOf(const SeriesStyle& style);
bool hasMarkers(const SeriesStyle& style);
bool isSmoothed(const SeriesStyle& style);

void drawMarker(QPainter& painter, const QPointF& centre, MarkerShape shape, const QColor& colour);

} // namespace torchdesk
