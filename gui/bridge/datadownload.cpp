// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/datadownload.h"

#include "core/base/log.h"

#include <algorithm>
#include <chrono>

namespace torchdesk {

namespace {

constexpr auto downloadKey = "download";
constexpr std::chrono::milliseconds betweenFigures{200};

Expected<void> fetchNamed(const std::string& name, const DownloadSink& sink, const std::stop_token& stop)
{
    for (const PublishedSet& set : publishedSets())
        if (set.name == name)
            return Downloader().fetch(set, downloadFolder(name), sink, stop);
    return failure(ErrorKind::NotFound, "There is nothing to download under the name " + name + ".");
}

} // namespace

DataDownload::DataDownload(QObject* parent) : QObject(parent) {}

DataDownload::~DataDownload() = default;

void DataDownload::start(const std::string& name)
{
    if (m_running)
        return;
    m_running = true;
    m_name = name;
    m_problem.clear();
    m_progress = {};
    if (const PublishedSet* set = findPublished(name))
        m_progress.total = set->bytes();
    m_worker.run(
        downloadKey,
        [this, name](std::stop_token stop) {
            std::chrono::steady_clock::time_point told;
            const auto sink = [&](const DownloadProgress& progress) {
                const auto now = std::chrono::steady_clock::now();
                if (now - told < betweenFigures || stop.stop_requested())
                    return;
                told = now;
                m_calls.post([this, progress, stop] {
                    if (stop.stop_requested())
                        return;
                    m_progress = progress;
                    Q_EMIT changed();
                });
            };
            return fetchNamed(name, sink, stop);
        },
        [this](const Expected<void>& result) { ended(result); });
    Q_EMIT changed();
}

// The thread answers within 0.2 s; its answer is not waited for.
void DataDownload::stop()
{
    if (!m_running)
        return;
    m_worker.cancel(downloadKey);
    m_running = false;
    Q_EMIT changed();
}

void DataDownload::ended(const Expected<void>& result)
{
    m_running = false;
    if (!result) {
        logWarning(result.error().message + " " + result.error().details);
        m_problem = QString::fromStdString(result.error().message);
    }
    Q_EMIT changed();
    if (result)
        Q_EMIT arrived(m_name);
}

void DataDownload::forget()
{
    if (!running())
        m_problem.clear();
}

} // namespace torchdesk
