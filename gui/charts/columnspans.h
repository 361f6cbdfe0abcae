// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/scalarseries.h"

#include <limits>

namespace torchdesk {

/// What a line covers of one column of pixels.
struct ColumnSpan
{
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    bool empty() const { return low > high; }
};

/// The lines through \p pieces, whose x are shares of the width, as a span for each of \p columns columns: a
/// line with more points than columns is a band, and a band costs a fraction of the line to paint.
std::vector<ColumnSpan> columnSpans(const ScalarSeries::Pieces& pieces, int columns);

} // namespace torchdesk
