// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gui/diagram/diagram.h"

#include <QByteArray>
#include <QImage>

namespace torchdesk {

/// The diagram as a document of SVG 1.2 Tiny, its words as text; in light colours, for paper.
QByteArray diagramSvg(const Diagram& diagram);

/// The diagram on white with \p scale pixels a unit; less where it would be more than 16,000 pixels high or
/// wide. A null picture where there is no diagram.
QImage diagramImage(const Diagram& diagram, double scale = 2);

/// Writes it as \p file's ending says, .svg or .png; a file that is there is replaced when the new one is
/// whole. Blocks while the disk is written.
Expected<void> writeDiagram(const Diagram& diagram, const QString& file);

} // namespace torchdesk
