// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/chartlegend.h"

#include "gui/app/theme.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/labels.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

constexpr double lineHeight = 18;
constexpr double sign = 16; ///< the piece of line before the name
constexpr double gap = 14;  ///< between entries

QFont valueFont()
{
    QFont font = fontFor(TextRole::Label);
    font.setBold(true);
    return font;
}

} // namespace

ChartLegend::ChartLegend(QWidget* parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void ChartLegend::setEntries(std::vector<Entry> entries)
{
    for (std::size_t i = 0; i < entries.size(); ++i) {
        Entry& entry = entries[i];
        const bool same = i < m_entries.size() && m_entries[i].style.name == entry.style.name;
        entry.widest = same ? m_entries[i].widest : QString();
        if (figuresWidth(valueFont(), entry.value) > figuresWidth(valueFont(), entry.widest))
            entry.widest = entry.value;
    }
    const QSize before = sizeHint();
    m_entries = std::move(entries);
    setAccessibleName(text());
    if (sizeHint() != before)
        updateGeometry();
    update();
}

QString ChartLegend::text() const
{
    QStringList parts;
    for (const Entry& entry : m_entries)
        parts << tr("%1 %2").arg(entry.style.name, entry.value).trimmed();
    return parts.join(tr(", "));
}

double ChartLegend::widthOf(const Entry& entry) const
{
    const double value = figuresWidth(valueFont(), entry.widest);
    return sign + 6 + figuresWidth(fontFor(TextRole::Label), entry.style.name) + (value > 0 ? 6 + value : 0);
}

std::vector<QRectF> ChartLegend::places(double width) const
{
    std::vector<QRectF> places;
    std::size_t first = 0;
    double y = 0;
    double x = 0;
    // Right-aligned: a line is moved to the edge once it is full.
    const auto close = [&] {
        for (std::size_t i = first; i < places.size(); ++i)
            places[i].translate(std::max(0.0, width - (x - gap)), 0);
        first = places.size();
        x = 0;
    };
    for (const Entry& entry : m_entries) {
        const double wide = widthOf(entry);
        if (x > 0 && x + wide > width) {
            close();
            y += lineHeight;
        }
        places.emplace_back(x, y, wide, lineHeight);
        x += wide + gap;
    }
    close();
    return places;
}

QSize ChartLegend::sizeHint() const
{
    double wide = 0;
    for (const Entry& entry : m_entries)
        wide += widthOf(entry) + gap;
    return {int(std::ceil(std::max(0.0, wide - gap))) + 1, int(lineHeight)};
}

QSize ChartLegend::minimumSizeHint() const
{
    double widest = 0;
    for (const Entry& entry : m_entries)
        widest = std::max(widest, widthOf(entry));
    return {int(std::ceil(widest)) + 1, int(lineHeight)};
}

int ChartLegend::heightForWidth(int width) const
{
    const auto all = places(width);
    return all.empty() ? int(lineHeight) : int(all.back().bottom());
}

void ChartLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto all = places(width());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Entry& entry = m_entries[i];
        QRectF place = all[i];
        QPen pen = penOf(entry.style);
        pen.setWidthF(2);
        painter.setPen(pen);
        const double y = std::round(place.center().y());
        painter.drawLine(QPointF(place.left(), y), QPointF(place.left() + sign, y));
        if (entry.style.role == SeriesStyle::Role::Run)
            drawMarker(painter, {place.left() + sign / 2, y}, markerOf(entry.style), colourOf(entry.style));
        place.setLeft(place.left() + sign + 6);
        painter.setFont(fontFor(TextRole::Label));
        painter.setPen(theme().muted);
        drawFigures(painter, place, Qt::AlignLeft | Qt::AlignVCenter, entry.style.name);
        painter.setFont(valueFont());
        painter.setPen(theme().text);
        drawFigures(painter, place, Qt::AlignRight | Qt::AlignVCenter, entry.value);
    }
}

bool ChartLegend::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto all = places(width());
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].contains(help->pos()) && !m_entries[i].style.toolTip.isEmpty()) {
            QToolTip::showText(help->globalPos(), asToolTip(m_entries[i].style.toolTip), this,
                               all[i].toRect());
            return true;
        }
    QToolTip::hideText();
    return true;
}

} // namespace torchdesk
