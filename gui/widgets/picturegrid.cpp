// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/picturegrid.h"

#include "core/base/text.h"
#include "gui/app/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

namespace torchdesk {

namespace {
constexpr int gap = 20; ///< between pictures of a row, at least
constexpr int captionHeight = 16;
constexpr int rowGap = 3;
} // namespace

QImage imageOfSample(std::span<const std::uint8_t> sample, int channels, int height, int width)
{
    const auto plane = std::size_t(height) * std::size_t(width);
    if (height <= 0 || width <= 0 || (channels != 1 && channels != 3) ||
        sample.size() != plane * std::size_t(channels))
        return {};
    QImage image(width, height, channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    for (int y = 0; y < height; ++y) {
        uchar* line = image.scanLine(y);
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < channels; ++c)
                line[x * channels + c] =
                    sample[plane * std::size_t(c) + std::size_t(y) * std::size_t(width) + std::size_t(x)];
    }
    return image;
}

QImage imageOfSample(std::span<const std::uint8_t> sample, const Shape& shape)
{
    if (shape.size() != 3)
        return {};
    return imageOfSample(sample, static_cast<int>(shape[0]), static_cast<int>(shape[1]),
                         static_cast<int>(shape[2]));
}

QImage imageOfSample(std::span<const std::uint8_t> samples, std::size_t index, const Shape& shape)
{
    const auto bytes = static_cast<std::size_t>(elementCount(shape).value_or(0));
    if ((index + 1) * bytes > samples.size())
        return {};
    return imageOfSample(samples.subspan(index * bytes, bytes), shape);
}

PictureGrid::PictureGrid(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Pictures"));
}

void PictureGrid::setPictures(std::vector<GridPicture> pictures)
{
    m_pictures = std::move(pictures);
    m_current = m_pictures.empty() ? -1 : std::clamp(m_current, 0, count() - 1);
    setAccessibleName(tr("%n picture(s)", nullptr, count()));
    updateGeometry();
    update();
}

void PictureGrid::setMaximumColumns(int columns)
{
    m_maximumColumns = std::max(1, columns);
    updateGeometry();
    update();
}

void PictureGrid::setPictureSize(int side)
{
    m_side = std::max(8, side);
    updateGeometry();
    update();
}

int PictureGrid::columnsFor(int width) const
{
    return std::clamp((width + gap) / (m_side + gap), 1, m_maximumColumns);
}

int PictureGrid::columns() const
{
    return columnsFor(width());
}

QRect PictureGrid::cellRect(int index) const
{
    const int across = columns();
    return {(index % across) * (m_side + gap), (index / across) * (m_side + captionHeight + rowGap), m_side,
            m_side};
}

int PictureGrid::heightForWidth(int width) const
{
    const int across = columnsFor(width);
    return (count() + across - 1) / across * (m_side + captionHeight + rowGap);
}

QSize PictureGrid::sizeHint() const
{
    const int width = m_maximumColumns * (m_side + gap) - gap;
    return {width, heightForWidth(width)};
}

QSize PictureGrid::minimumSizeHint() const
{
    return {3 * (m_side + gap) - gap, m_side + captionHeight};
}

int PictureGrid::indexAt(const QPoint& point) const
{
    for (int i = 0; i < count(); ++i)
        if (cellRect(i).adjusted(0, 0, 0, captionHeight).contains(point))
            return i;
    return -1;
}

QString PictureGrid::describe(int index) const
{
    const GridPicture& picture = m_pictures[std::size_t(index)];
    QString text =
        tr("%1 · picture %2").arg(picture.label, QString::fromStdString(grouped(picture.number + 1)));
    if (!picture.note.isEmpty())
        text += QLatin1Char('\n') + picture.note;
    return text;
}

void PictureGrid::setCurrent(int index)
{
    m_current = std::clamp(index, 0, count() - 1);
    setAccessibleDescription(describe(m_current));
    update();
}

bool PictureGrid::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = indexAt(help->pos());
    if (index < 0)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), describe(index), this, cellRect(index));
    return true;
}

void PictureGrid::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    painter.setFont(fontFor(TextRole::Small));
    for (int i = 0; i < count(); ++i) {
        const QRect cell = cellRect(i);
        if (!event->rect().intersects(cell.adjusted(-2, -2, 2, captionHeight)))
            continue;
        const GridPicture& picture = m_pictures[std::size_t(i)];
        // Large pictures are made smaller smoothly; small ones keep their hard pixels.
        painter.setRenderHint(QPainter::SmoothPixmapTransform, picture.image.width() > m_side);
        painter.drawImage(cell, picture.image);
        painter.setPen(theme().muted);
        const QRect caption(cell.left() - gap / 2, cell.bottom() + 1, cell.width() + gap, captionHeight);
        painter.drawText(caption, Qt::AlignCenter,
                         painter.fontMetrics().elidedText(picture.label, Qt::ElideRight, caption.width()));
        if (hasFocus() && i == m_current) {
            painter.setPen(QPen(theme().accent, 2));
            painter.drawRect(cell.adjusted(0, 0, -1, -1));
        }
    }
}

void PictureGrid::keyPressEvent(QKeyEvent* event)
{
    if (m_pictures.empty())
        return QWidget::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Left:
        return setCurrent(m_current - 1);
    case Qt::Key_Right:
        return setCurrent(m_current + 1);
    case Qt::Key_Up:
        return setCurrent(m_current - columns() >= 0 ? m_current - columns() : m_current);
    case Qt::Key_Down:
        return setCurrent(m_current + columns() < count() ? m_current + columns() : m_current);
    case Qt::Key_Home:
        return setCurrent(0);
    case Qt::Key_End:
        return setCurrent(count() - 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT activated(m_current);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void PictureGrid::mousePressEvent(QMouseEvent* event)
{
    const int index = indexAt(event->position().toPoint());
    if (index < 0)
        return QWidget::mousePressEvent(event);
    setCurrent(index);
    Q_EMIT activated(index);
}

void PictureGrid::focusInEvent(QFocusEvent* event)
{
    if (!m_pictures.empty())
        setCurrent(m_current);
    QWidget::focusInEvent(event);
}

} // namespace torchdesk
