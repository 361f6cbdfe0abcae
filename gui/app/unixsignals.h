// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace torchdesk {

/// SIGINT, SIGTERM and SIGHUP as a Qt signal, so that a window that is told to end stops its run and keeps
/// the weights. GUI thread only.
class UnixSignals final : public QObject
{
    Q_OBJECT

public:
    /// Holds the signals back for this thread and those it makes later: call before any other thread is made.
    static void block();
    /// After block(), with an application object.
    explicit UnixSignals(QObject* parent = nullptr);
    ~UnixSignals() override;

Q_SIGNALS:
    void arrived();

private:
    int m_descriptor = -1;
};

} // namespace torchdesk
