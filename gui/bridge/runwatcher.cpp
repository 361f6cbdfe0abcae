// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/runwatcher.h"

namespace torchdesk {

RunWatcher::RunWatcher(std::filesystem::path folder, QObject* parent)
    : QObject(parent), m_folder(std::move(folder))
{
    m_timer.setInterval(1000);
    connect(&m_timer, &QTimer::timeout, this, &RunWatcher::refresh);
    connect(&m_notifier, &QFileSystemWatcher::directoryChanged, this, &RunWatcher::refresh);
}

void RunWatcher::setActive(bool active)
{
    if (!active)
        return m_timer.stop();
    refresh();
    m_timer.start();
}

void RunWatcher::refresh()
{
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    m_worker.run(
        "list", [folder = m_folder](std::stop_token) { return listRuns(folder); },
        [this](std::vector<RunSummary> runs) { take(std::move(runs)); });
}

void RunWatcher::take(std::vector<RunSummary> runs)
{
    m_reading = false;
    watchFolder();
    if (runs != m_runs) {
        m_runs = std::move(runs);
        Q_EMIT changed();
    }
    if (std::exchange(m_again, false))
        refresh();
}

// The folder may be made only with the first run.
void RunWatcher::watchFolder()
{
    const QString path = QString::fromStdString(m_folder.string());
    std::error_code ignored;
    if (m_notifier.directories().isEmpty() && std::filesystem::is_directory(m_folder, ignored))
        m_notifier.addPath(path);
}

} // namespace torchdesk
