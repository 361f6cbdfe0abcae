// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/curvechart.h"

class QLineSeries;

namespace torchdesk {

/// One series of a chart and the Qt lines that show it: one for each piece between gaps.
struct CurveChart::Curve
{
    int id = 0;
    SeriesStyle style;
    ScalarSeries data;
    std::vector<QLineSeries*> raw;
    std::vector<QLineSeries*> main;
};

/// The visible part of a curve, reduced; y is a value or, on a logarithmic axis, its exponent.
struct CurveChart::Drawn
{
    Curve* curve = nullptr;
    ScalarSeries::Pieces raw;
    ScalarSeries::Pieces main;
    bool rawAsBand = false; ///< painted as PlotDressing::Band in place of lines
    bool mainAsBand = false;
};

} // namespace torchdesk
