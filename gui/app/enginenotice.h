// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QWidget>

class QLabel;

namespace torchdesk {

/// Why there is no engine, and a way to try again; hidden while all is well.
class EngineNotice final : public QWidget
{
    Q_OBJECT

public:
    explicit EngineNotice(Bridge& bridge, QWidget* parent = nullptr);

private:
    void refresh();

    Bridge& m_bridge;
    QLabel* m_text = nullptr;
};

} // namespace torchdesk
