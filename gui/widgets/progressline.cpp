// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/progressline.h"

#include "gui/app/theme.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace torchdesk {

ProgressLine::ProgressLine(QWidget* parent) : QWidget(parent)
{
    setFixedHeight(space::progressHeight);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Progress"));
}

void ProgressLine::setShare(double share)
{
    const double wanted = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
    if (wanted == m_share)
        return;
    m_share = wanted;
    setAccessibleDescription(tr("%1 %").arg(int(wanted * 100)));
    update();
}

void ProgressLine::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().line);
    painter.fillRect(QRectF(0, 0, m_share * width(), height()), theme().accent);
}

} // namespace torchdesk
