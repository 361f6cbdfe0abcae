// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/ratecurve.h"

#include "gui/app/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace torchdesk {

namespace {

constexpr double rim = 6; ///< between the ground's edge and the curve

} // namespace

RateCurve::RateCurve(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Learning rate over the run"));
    setToolTip(tr("The learning rate over the run, from its first step to its last"));
}

void RateCurve::setRates(std::vector<double> rates)
{
    m_rates = std::move(rates);
    m_largest = m_rates.empty() ? 0 : *std::max_element(m_rates.begin(), m_rates.end());
    update();
}

QPointF RateCurve::place(std::size_t index) const
{
    const double share = m_rates.size() < 2 ? 0 : double(index) / double(m_rates.size() - 1);
    const double height = m_largest > 0 ? m_rates[index] / m_largest : 0;
    return {rim + share * (width() - 2 * rim), this->height() - rim - height * (this->height() - 2 * rim)};
}

void RateCurve::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath ground;
    ground.addRoundedRect(rect(), 4, 4);
    painter.fillPath(ground, theme().chip);
    QPainterPath line;
    for (std::size_t i = 0; i < m_rates.size(); ++i)
        i == 0 ? line.moveTo(place(i)) : line.lineTo(place(i));
    painter.setPen(QPen(theme().training, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(line);
}

} // namespace torchdesk
