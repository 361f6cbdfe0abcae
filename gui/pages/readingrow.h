// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QWidget>

class QPushButton;

namespace torchdesk {

class ProgressLine;

/// What stands above Train while a folder or an archive of the person's own is being read, or a set scaled:
/// how far it is, and Stop. Hidden otherwise.
class ReadingRow final : public QWidget
{
    Q_OBJECT

public:
    explicit ReadingRow(Bridge& bridge, QWidget* parent = nullptr);

Q_SIGNALS:
    void stopPressed(); ///< the reading has been stopped, and this is hidden again

private:
    void showProgress(double share);
    void hideWhenChecked();

    Bridge& m_bridge;
    ProgressLine* m_line = nullptr;
    QPushButton* m_stop = nullptr;
};

} // namespace torchdesk
