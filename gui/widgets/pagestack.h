// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

namespace torchdesk {

/// Pages of which only the visible one counts for the size: those that nobody has seen are neither styled nor
/// measured, which the start of the program feels.
class PageStack final : public QStackedWidget
{
    Q_OBJECT

public:
    using QStackedWidget::QStackedWidget;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
};

} // namespace torchdesk
