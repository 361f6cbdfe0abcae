// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/download/downloader.h"
#include "gui/bridge/worker.h"

#include <QObject>
#include <QString>

namespace torchdesk {

/// A data set of the catalogue on its way here: one at a time, on a thread of its own, into downloadFolder().
/// GUI thread only; nothing blocks.
class DataDownload final : public QObject
{
    Q_OBJECT

public:
    explicit DataDownload(QObject* parent = nullptr);
    /// Stops one that goes on; what has come is kept.
    ~DataDownload() override;

    /// Begins, unless one goes on already.
    void start(const std::string& name);
    void stop();

    bool running() const { return m_running; }
    const std::string& name() const { return m_name; } ///< of the one that goes on, else of the last
    const DownloadProgress& progress() const { return m_progress; }
    void forget(); ///< why the last one failed, once that is about another choice; nothing while one runs
    const QString& problem() const { return m_problem; } ///< why the last one failed; empty where it did not

Q_SIGNALS:
    void changed();                        ///< begun, further, ended; five times a second at most
    void arrived(const std::string& name); ///< all its files are there

private:
    void ended(const Expected<void>& result);

    bool m_running = false;
    std::string m_name;
    DownloadProgress m_progress;
    QString m_problem;
    CallQueue m_calls; ///< from the worker's thread
    Worker m_worker;   ///< last: gone before what it answers to
};

} // namespace torchdesk
