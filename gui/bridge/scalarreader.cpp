// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/scalarreader.h"

#include <algorithm>
#include <map>
#include <set>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> eventFiles(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code ignored;
    for (fs::directory_iterator entry(folder, ignored), end; entry != end; entry.increment(ignored)) {
        if (entry->is_regular_file(ignored) && isEventFileName(entry->path().filename().string()))
            files.push_back(entry->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

std::vector<fs::path> eventFolders(const fs::path& root)
{
    std::set<fs::path> folders;
    std::error_code ignored;
    if (!eventFiles(root).empty())
        folders.insert(root);
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator entry(root, options, ignored), end; entry != end;
         entry.increment(ignored)) {
        if (entry->is_regular_file(ignored) && isEventFileName(entry->path().filename().string()))
            folders.insert(entry->path().parent_path());
    }
    return {folders.begin(), folders.end()};
}

/// The readers of all files found so far, kept between polls.
struct ScalarReader::Files
{
    struct Found
    {
        std::vector<ScalarBatch> batches;
        std::vector<QString> problems;
        bool more = false; ///< a file has more than one poll gives
    };

    std::vector<fs::path> folders;
    std::map<fs::path, EventFileReader> readers;
    std::set<fs::path> failed;

    Found poll(std::stop_token stop)
    {
        static constexpr std::size_t atOnce = 200'000;
        Found found;
        for (std::size_t folder = 0; folder < folders.size(); ++folder) {
            for (const fs::path& file : eventFiles(folders[folder])) {
                if (stop.stop_requested())
                    return found;
                if (!failed.contains(file))
                    read(folder, file, atOnce, found);
            }
        }
        return found;
    }

    void read(std::size_t folder, const fs::path& file, std::size_t most, Found& found)
    {
        EventFileReader& reader = readers.try_emplace(file, file).first->second;
        const auto points = reader.poll(most);
        if (!points) {
            failed.insert(file);
            found.problems.push_back(QString::fromStdString(points.error().message));
            return;
        }
        found.more = found.more || points->size() == most;
        std::map<std::string, ScalarBatch> byTag;
        for (const ScalarPoint& point : *points) {
            ScalarBatch& batch = byTag[point.tag];
            batch.steps.push_back(static_cast<double>(point.step));
            batch.times.push_back(point.wallTime);
            batch.values.push_back(static_cast<double>(point.value));
        }
        for (auto& [tag, batch] : byTag) {
            batch.folder = folder;
            batch.tag = tag;
            found.batches.push_back(std::move(batch));
        }
    }
};

ScalarReader::ScalarReader(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(1000);
    connect(&m_timer, &QTimer::timeout, this, &ScalarReader::poll);
}

void ScalarReader::setFolders(std::vector<fs::path> folders)
{
    m_folders = std::move(folders);
    m_files = std::make_shared<Files>();
    m_files->folders = m_folders;
    m_worker.cancel("poll");
    m_polling = false;
    poll();
}

void ScalarReader::setActive(bool active)
{
    if (!active)
        return m_timer.stop();
    poll();
    m_timer.start();
}

void ScalarReader::poll()
{
    if (m_polling || !m_files || m_folders.empty())
        return;
    m_polling = true;
    m_worker.run(
        "poll", [files = m_files](std::stop_token stop) { return files->poll(stop); },
        [this](const Files::Found& found) {
            m_polling = false;
            if (!found.batches.empty())
                Q_EMIT arrived(found.batches);
            for (const QString& text : found.problems)
                Q_EMIT problem(text);
            if (found.more)
                poll();
        });
}

} // namespace torchdesk
