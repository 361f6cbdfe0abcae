// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/scrolling.h"

#include <QScrollArea>
#include <QScrollBar>

namespace torchdesk {

void scrollDownOnly(QScrollArea* area)
{
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    QScrollBar* bar = area->verticalScrollBar();
    QObject::connect(bar, &QScrollBar::rangeChanged, bar,
                     [bar](int least, int most) { bar->setEnabled(most > least); });
    bar->setEnabled(false);
}

} // namespace torchdesk
