// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse, wheel and keys of a plot: what the person wants, in shares of the plot area.
#include "gui/charts/plotview.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace torchdesk {

void PlotView::wheelEvent(QWheelEvent* event)
{
    const QPoint turned = event->angleDelta();
    if (std::abs(turned.x()) > std::abs(turned.y()))
        Q_EMIT panned(-turned.x() / 1200.0);
    else if (turned.y() != 0)
        Q_EMIT wheelTurned(std::clamp(place(event->position()).x(), 0.0, 1.0),
                           std::pow(0.85, turned.y() / 120.0));
    event->accept();
}

void PlotView::mousePressEvent(QMouseEvent* event)
{
    m_mouse = event->position();
    m_panning = event->button() == Qt::MiddleButton ||
                (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier));
    if ((event->button() == Qt::LeftButton && m_area.contains(m_mouse)) || m_panning)
        m_pressed = m_mouse;
    setFocus(Qt::MouseFocusReason);
    event->accept();
}

void PlotView::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF before = m_mouse;
    m_mouse = event->position();
    m_inside = m_area.contains(m_mouse);
    if (m_pressed && m_panning)
        Q_EMIT panned((before.x() - m_mouse.x()) / m_area.width());
    else if (m_inside)
        Q_EMIT hovered(place(m_mouse).x());
    else
        Q_EMIT hovered(std::nullopt);
    viewport()->update();
    event->accept();
}

void PlotView::mouseReleaseEvent(QMouseEvent* event)
{
    m_mouse = event->position();
    const QRectF band = bandRect();
    m_pressed.reset();
    m_panning = false;
    if (!band.isEmpty()) {
        const QPointF low = place(band.bottomLeft());
        const QPointF high = place(band.topRight());
        Q_EMIT dragged(QRectF(low, high));
    }
    viewport()->update();
    event->accept();
}

void PlotView::mouseDoubleClickEvent(QMouseEvent* event)
{
    m_pressed.reset();
    Q_EMIT fitWanted();
    event->accept();
}

void PlotView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        Q_EMIT keyZoomed(0.7);
        return;
    case Qt::Key_Minus:
        Q_EMIT keyZoomed(1 / 0.7);
        return;
    case Qt::Key_Left:
        Q_EMIT keyMoved(-1);
        return;
    case Qt::Key_Right:
        Q_EMIT keyMoved(1);
        return;
    case Qt::Key_Home:
        Q_EMIT fitWanted();
        return;
    default:
        event->ignore(); // not to the scroll area below: it would swallow the window's keys
    }
}

void PlotView::leaveEvent(QEvent* event)
{
    m_inside = false;
    Q_EMIT hovered(std::nullopt);
    QChartView::leaveEvent(event);
}

void PlotView::focusInEvent(QFocusEvent* event)
{
    QChartView::focusInEvent(event);
    const bool keys = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
                      event->reason() == Qt::ShortcutFocusReason;
    Q_EMIT focusShown(keys);
}

void PlotView::focusOutEvent(QFocusEvent* event)
{
    QChartView::focusOutEvent(event);
    Q_EMIT focusShown(false);
}

} // namespace torchdesk
