// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/sparkline.h"

#include "gui/app/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace torchdesk {

Sparkline::Sparkline(int capacity, QWidget* parent) : QWidget(parent), m_capacity(std::max(2, capacity))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Sparkline::append(std::optional<double> share)
{
    m_samples.push_back(share);
    while (int(m_samples.size()) > m_capacity)
        m_samples.pop_front();
    update();
}

void Sparkline::clear()
{
    m_samples.clear();
    update();
}

std::optional<double> Sparkline::latest() const
{
    return m_samples.empty() ? std::nullopt : m_samples.back();
}

QPointF Sparkline::place(int index) const
{
    // The newest stands at the right edge, whatever has gathered so far.
    const double fromRight = double(int(m_samples.size()) - 1 - index) / (m_capacity - 1);
    const double share = std::clamp(*m_samples[std::size_t(index)], 0.0, 1.0);
    const double bottom = height() - 5.0;
    return {width() - 1.0 - fromRight * (width() - 2.0), bottom - share * (bottom - 5.0)};
}

void Sparkline::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath ground;
    ground.addRoundedRect(rect(), 4, 4);
    painter.fillPath(ground, theme().chip);
    painter.setClipPath(ground);
    QPainterPath line;
    bool open = false;
    for (int i = 0; i < int(m_samples.size()); ++i) {
        if (!m_samples[std::size_t(i)]) {
            open = false;
            continue;
        }
        open ? line.lineTo(place(i)) : line.moveTo(place(i));
        open = true;
    }
    painter.setPen(QPen(theme().training, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(line);
}

} // namespace torchdesk
