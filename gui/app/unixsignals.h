// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <array>
#include <csignal>

namespace torchdesk {

/// SIGINT, SIGTERM and SIGHUP as a Qt signal, so that a window that is told to end stops its run and keeps
/// the weights. One at a time, with an application object; GUI thread only. What was done with the signals
/// before is done again when it is gone.
class UnixSignals final : public QObject
{
    Q_OBJECT

public:
    explicit UnixSignals(QObject* parent = nullptr);
    ~UnixSignals() override;

Q_SIGNALS:
    void arrived();

private:
    static constexpr std::array signalNumbers = {SIGINT, SIGTERM, SIGHUP};

    void take(std::size_t i);

    std::array<int, 2> m_pipe = {-1, -1}; ///< reading end, writing end
    std::array<struct sigaction, signalNumbers.size()> m_before{};
};

} // namespace torchdesk
