// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/diagram/diagrampicture.h"

#include "gui/app/theme.h"
#include "gui/diagram/diagrampainter.h"

#include <QBuffer>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

constexpr double mostPixels = 16'000;

QRectF pageOf(const Diagram& diagram)
{
    return {QPointF(0, 0), diagram.layout().size};
}

QByteArray pngOf(const QImage& image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

} // namespace

QByteArray diagramSvg(const Diagram& diagram)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(pageOf(diagram).size().toSize());
    generator.setViewBox(pageOf(diagram));
    generator.setResolution(96);
    generator.setTitle(QString::fromStdString(diagram.model().label));
    QPainter painter(&generator);
    painter.fillRect(pageOf(diagram), Qt::white);
    paintDiagram(painter, diagram, Theme::lightTheme(), -1, pageOf(diagram));
    painter.end();
    return bytes;
}

QImage diagramImage(const Diagram& diagram, double scale)
{
    const QSizeF size = pageOf(diagram).size();
    if (size.isEmpty())
        return {};
    const double used = std::min(scale, mostPixels / std::max(size.width(), size.height()));
    QImage image(QSize(static_cast<int>(std::ceil(size.width() * used)),
                       static_cast<int>(std::ceil(size.height() * used))),
                 QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.scale(used, used);
    paintDiagram(painter, diagram, Theme::lightTheme(), -1, pageOf(diagram));
    return image;
}

DiagramPicture pictureFor(const Diagram& diagram, const QString& file)
{
    if (file.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive))
        return {diagramSvg(diagram), {}};
    return {{}, diagramImage(diagram)};
}

Expected<void> writePicture(const DiagramPicture& picture, const QString& name)
{
    const QByteArray bytes = picture.svg.isEmpty() ? pngOf(picture.image) : picture.svg;
    QSaveFile file(name);
    if (bytes.isEmpty() || !file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() ||
        !file.commit()) {
        const QString why =
            Diagram::tr("%1 could not be written: %2. Choose another folder, or make room on the disk.")
                .arg(name, file.errorString());
        return failure(ErrorKind::Unreadable, why.toStdString());
    }
    return {};
}

} // namespace torchdesk
