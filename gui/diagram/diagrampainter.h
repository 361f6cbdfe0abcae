// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/diagram/diagram.h"

class QPainter;

namespace torchdesk {

struct Theme;

/// Paints what of the diagram lies in \p area, in the colours of \p theme: on the screen, into a picture or
/// as SVG. \p selected is an item that is shown, or -1.
void paintDiagram(QPainter& painter, const Diagram& diagram, const Theme& theme, int selected,
                  const QRectF& area);

} // namespace torchdesk
