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

/// A picture of either form, painted and ready to be written.
struct DiagramPicture
{
    QByteArray svg; ///< else image
    QImage image;
};

/// Paints what \p file's ending says: SVG for .svg, else a picture of double size. GUI thread.
DiagramPicture pictureFor(const Diagram& diagram, const QString& file);

/// Writes it, an image as PNG; a file that is there is replaced when the new one is whole. Blocks; any
/// thread.
Expected<void> writePicture(const DiagramPicture& picture, const QString& file);

} // namespace torchdesk
