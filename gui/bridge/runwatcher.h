// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/runfolder.h"
#include "gui/bridge/worker.h"

#include <QFileSystemWatcher>
#include <QTimer>

namespace torchdesk {

/// Follows the runs of one folder, also those that a terminal starts: reads them on a thread of its own when
/// the folder changes, and every second while active, since a run changes inside its own folder. GUI thread
/// only.
class RunWatcher final : public QObject
{
    Q_OBJECT

public:
    explicit RunWatcher(std::filesystem::path folder, QObject* parent = nullptr);

    /// Newest first.
    const std::vector<RunSummary>& runs() const { return m_runs; }
    const std::filesystem::path& folder() const { return m_folder; }
    /// Active while somebody looks at the list.
    void setActive(bool active);

public Q_SLOTS:
    /// Reads now (soon): after a run was started, renamed or removed.
    void refresh();

Q_SIGNALS:
    void changed();

private:
    void take(std::vector<RunSummary> runs);
    void watchFolder();

    std::filesystem::path m_folder;
    std::vector<RunSummary> m_runs;
    QFileSystemWatcher m_notifier;
    QTimer m_timer;
    bool m_reading = false;
    bool m_again = false; ///< asked for while reading
    Worker m_worker;
};

} // namespace torchdesk
