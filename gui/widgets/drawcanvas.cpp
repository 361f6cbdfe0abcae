// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/drawcanvas.h"

#include "gui/app/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cstring>

namespace torchdesk {

DrawCanvas::DrawCanvas(QWidget* parent) : QWidget(parent), m_image(side, side, QImage::Format_Grayscale8)
{
    m_image.fill(Qt::black);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::CrossCursor);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Drawing area"));
    setAccessibleDescription(tr("Draw with the mouse, or move the pen with the arrow keys and press Space to "
                                "set it down. Delete clears."));
}

Picture DrawCanvas::picture() const
{
    Picture picture{.width = side, .height = side, .channels = 1, .pixels = {}};
    picture.pixels.resize(std::size_t(side) * side);
    for (int y = 0; y < side; ++y)
        std::memcpy(picture.pixels.data() + std::size_t(y) * side, m_image.constScanLine(y), side);
    return picture;
}

void DrawCanvas::setBrush(double diameter)
{
    m_diameter = std::clamp(diameter, 2.0, side / 4.0);
}

void DrawCanvas::clear()
{
    m_image.fill(Qt::black);
    m_empty = true;
    m_penDown = false;
    update();
    Q_EMIT changed();
}

QRectF DrawCanvas::paper() const
{
    const double edge = std::min(width(), height());
    return {(width() - edge) / 2, (height() - edge) / 2, edge, edge};
}

QPointF DrawCanvas::onPicture(const QPointF& point) const
{
    const QRectF sheet = paper();
    const double scale = side / std::max(1.0, sheet.width());
    return {(point.x() - sheet.left()) * scale, (point.y() - sheet.top()) * scale};
}

void DrawCanvas::strokeTo(const QPointF& point)
{
    QPainter painter(&m_image);
    painter.setRenderHint(QPainter::Antialiasing);
    if (point == m_pen) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(Qt::white);
        painter.drawEllipse(point, m_diameter / 2, m_diameter / 2);
    } else {
        painter.setPen(QPen(Qt::white, m_diameter, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawLine(m_pen, point);
    }
    painter.end();
    m_pen = point;
    m_empty = false;
    update();
    Q_EMIT changed();
}

void DrawCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return QWidget::mousePressEvent(event);
    m_drawing = true;
    m_keyboard = false;
    m_pen = onPicture(event->position());
    strokeTo(m_pen);
}

void DrawCanvas::mouseMoveEvent(QMouseEvent* event)
{
    if (m_drawing)
        strokeTo(onPicture(event->position()));
}

void DrawCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        m_drawing = false;
}

void DrawCanvas::movePen(double dx, double dy)
{
    const QPointF to(std::clamp(m_pen.x() + dx, 0.0, double(side)),
                     std::clamp(m_pen.y() + dy, 0.0, double(side)));
    m_keyboard = true;
    if (m_penDown)
        return strokeTo(to);
    m_pen = to;
    update();
}

void DrawCanvas::keyPressEvent(QKeyEvent* event)
{
    const double step = event->modifiers() & Qt::ShiftModifier ? 3 : 12;
    switch (event->key()) {
    case Qt::Key_Left:
        return movePen(-step, 0);
    case Qt::Key_Right:
        return movePen(step, 0);
    case Qt::Key_Up:
        return movePen(0, -step);
    case Qt::Key_Down:
        return movePen(0, step);
    case Qt::Key_Space:
        m_penDown = !m_penDown;
        return movePen(0, 0);
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        return clear();
    default:
        QWidget::keyPressEvent(event);
    }
}

void DrawCanvas::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const QRectF sheet = paper();
    QPainterPath outline;
    outline.addRoundedRect(sheet.adjusted(.5, .5, -.5, -.5), space::cardRadius, space::cardRadius);
    painter.setClipPath(outline);
    painter.drawImage(sheet, m_image);
    if (m_keyboard && hasFocus()) {
        const double scale = sheet.width() / side;
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(m_penDown ? QBrush(theme().accent) : QBrush(Qt::NoBrush));
        painter.drawEllipse(sheet.topLeft() + m_pen * scale, m_diameter * scale / 2, m_diameter * scale / 2);
    }
    painter.setClipping(false);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(hasFocus() ? theme().accent : theme().line, hasFocus() ? 2 : 1));
    painter.drawPath(outline);
}

} // namespace torchdesk
