// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QWidget>

class QPlainTextEdit;

namespace torchdesk {

/// What happened, a line each, with the time of day: the run's events except its steps, and what the program
/// has to say.
class LogPage final : public QWidget
{
    Q_OBJECT

public:
    explicit LogPage(Bridge& bridge, QWidget* parent = nullptr);
    void addLine(const QString& text);

private:
    QPlainTextEdit* m_text = nullptr;
};

/// The event as a line; empty for those that are no news (steps, snapshots).
QString logLine(const Event& event);

} // namespace torchdesk
