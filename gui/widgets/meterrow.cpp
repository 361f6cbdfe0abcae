// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/meterrow.h"

#include "gui/app/theme.h"
#include "gui/widgets/figures.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace torchdesk {

void paintBar(QPainter& painter, const QRectF& rect, double share, const QColor& colour)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const double radius = std::min(rect.height() / 2, 3.0);
    QPainterPath track;
    track.addRoundedRect(rect, radius, radius);
    painter.fillPath(track, theme().track);
    if (share > 0) {
        // At least as wide as a dot, so that little is told from nothing.
        const double width = std::clamp(share, 0.0, 1.0) * rect.width();
        const QRectF filled(rect.left(), rect.top(), std::max(width, rect.height() / 2 + 1), rect.height());
        painter.setBrush(colour);
        painter.setClipPath(track);
        painter.drawRoundedRect(filled, radius, radius);
    }
    painter.restore();
}

MeterRow::MeterRow(const QString& label, QWidget* parent) : QWidget(parent), m_label(label)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describe();
}

void MeterRow::setValue(const QString& figure, std::optional<double> share)
{
    if (figure == m_figure && share == m_share)
        return;
    m_figure = figure;
    m_share = share;
    describe();
    update();
}

void MeterRow::setLabel(const QString& label)
{
    m_label = label;
    describe();
    update();
}

void MeterRow::describe()
{
    setAccessibleName(tr("%1: %2").arg(m_label, m_figure));
}

void MeterRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRectF line(0, 0, width(), 18);
    painter.setFont(fontFor(TextRole::Body));
    painter.setPen(theme().text);
    drawFigures(painter, line, Qt::AlignRight | Qt::AlignVCenter, m_figure);
    const double room = width() - figuresWidth(painter.font(), m_figure) - space::small;
    painter.setPen(theme().muted);
    const QString label = painter.fontMetrics().elidedText(m_label, Qt::ElideRight, int(room));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, label);
    paintBar(painter, QRectF(0, 23, width(), 6), m_share.value_or(0), theme().training);
}

} // namespace torchdesk
