// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/copying.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QToolTip>
#include <QWidget>

namespace torchdesk {

void copyText(const QString& text, QWidget* button)
{
    QGuiApplication::clipboard()->setText(text);
    QToolTip::showText(button->mapToGlobal(QPoint(0, -button->height())),
                       QCoreApplication::translate("Copying", "Copied"), button);
}

} // namespace torchdesk
