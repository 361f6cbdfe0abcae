// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/catalogue.h"

#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/data/knownsets.h"
#include "core/data/published.h"
#include "core/data/syntheticdigits.h"

#include <condition_variable>
#include <fmt/format.h>
#include <mutex>
#include <optional>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

/// What the files of a folder, or the one file, looked like, so that a changed file is read again: names,
/// sizes and times.
std::string stateOf(const fs::path& folder)
{
    std::string state = folder.string();
    std::error_code ignored;
    if (const auto changed = fs::last_write_time(folder, ignored); !ignored && !fs::is_directory(folder))
        return fmt::format("{}|{} {}", state, fs::file_size(folder, ignored),
                           changed.time_since_epoch().count());
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        state += fmt::format("|{} {} {}", entry.path().filename().string(), entry.file_size(ignored),
                             entry.last_write_time(ignored).time_since_epoch().count());
    return state;
}

/// Keeps the set that was opened last. One caller opens at a time; the others wait for its copy, or for their
/// stop.
class LastOpened
{
public:
    template <class Open>
    Expected<DataSet> get(const std::string& key, std::stop_token stop, Open&& open)
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return !m_busy; }))
            return failure(ErrorKind::Cancelled, "Opening the data set was stopped.");
        if (m_data && m_key == key)
            return *m_data;
        m_busy = true;
        m_data.reset(); // a second set would only cost memory
        lock.unlock();
        Expected<DataSet> opened = guarded(open);
        lock.lock();
        m_busy = false;
        if (opened) {
            m_key = key;
            m_data = *opened;
        }
        m_changed.notify_all();
        return opened;
    }

private:
    /// Whatever happens, the others are let in again.
    template <class Open>
    static Expected<DataSet> guarded(Open&& open)
    {
        try {
            return open();
        } catch (const std::bad_alloc&) {
            return failure(ErrorKind::OutOfMemory,
                           "The data set does not fit into memory. Close other programs.");
        } catch (const std::exception& problem) {
            return failure(ErrorKind::Internal, "The data set could not be opened.", problem.what());
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_busy = false;
    std::string m_key;
    std::optional<DataSet> m_data;
};

LastOpened& lastOpened()
{
    static LastOpened instance;
    return instance;
}

Expected<DataSet> openKnown(const KnownSet& set, const std::vector<fs::path>& folders,
                            const Progress& progress, std::stop_token stop)
{
    const auto place = set.find(folders);
    if (!place)
        return failure(place);
    return lastOpened().get(set.describe().name + '|' + stateOf(*place), stop,
                            [&] { return set.read(*place, progress, stop); });
}

Expected<const KnownSet*> setOfFolder(const std::string& path)
{
    const fs::path folder = tidyPath(path);
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        return failure(ErrorKind::NotFound,
                       fmt::format("{} {}. Name the folder that has the files of the data.", shown(folder),
                                   fs::exists(folder, ignored) ? "is no folder" : "is not there"));
    return knownSetIn(folder);
}

Expected<DataSet> openFolder(const std::string& path, const Progress& progress, std::stop_token stop)
{
    const auto set = setOfFolder(path);
    if (!set)
        return failure(set);
    const fs::path folder = tidyPath(path);
    auto data = openKnown(**set, {folder}, progress, stop);
    if (!data)
        return data;
    data->description.name = path;
    data->description.label = shown(folder.filename());
    return data;
}

const KnownSet* namedSet(const std::string& name)
{
    for (const KnownSet& set : knownSets()) {
        if (set.describe().name == name)
            return &set;
    }
    return nullptr;
}

tl::unexpected<Error> unknown(const std::string& name)
{
    std::vector<std::string> names = {drawnDigitsDescription().name};
    for (const KnownSet& set : knownSets())
        names.push_back(set.describe().name);
    const auto near = closest(name, names);
    return failure(
        ErrorKind::NotFound,
        fmt::format("There is no data set \"{}\".{} There are: {}. A folder is given as a path with '/', "
                    "as in ./{}.",
                    shortened(name, 60), near ? fmt::format(" Did you mean \"{}\"?", *near) : "",
                    joined(names, ", "), shortened(name, 60)));
}

DataEntry entryOf(const KnownSet& set, const std::vector<fs::path>& folders)
{
    DataEntry entry{set.describe(), false, {}, 0};
    if (const PublishedSet* published = findPublished(entry.description.name))
        entry.downloadBytes = published->bytes();
    if (const auto place = set.find(folders)) {
        entry.available = true;
        entry.description.folder = place->string();
    } else {
        entry.hint = place.error().message;
    }
    return entry;
}

} // namespace

std::vector<DataEntry> dataCatalogue(const fs::path& firstFolder)
{
    std::vector<DataEntry> entries = {{drawnDigitsDescription(), true, {}, 0}};
    for (const KnownSet& set : knownSets())
        entries.push_back(entryOf(set, dataFolders(firstFolder)));
    return entries;
}

Expected<void> checkDataFolder(const std::string& path)
{
    const auto set = setOfFolder(path);
    return set ? Expected<void>() : failure(set);
}

Expected<DataSet> openData(const std::string& nameOrPath, const fs::path& firstFolder,
                           const Progress& progress, std::stop_token stop)
{
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "Opening the data set was stopped.");
    try {
        if (nameOrPath.find('/') != std::string::npos)
            return openFolder(nameOrPath, progress, stop);
        if (nameOrPath == drawnDigitsDescription().name)
            return lastOpened().get(nameOrPath, stop, [&] { return drawDigits(progress, stop); });
        if (const KnownSet* set = namedSet(nameOrPath))
            return openKnown(*set, dataFolders(firstFolder), progress, stop);
        return unknown(nameOrPath);
    } catch (const std::exception& problem) {
        return failure(ErrorKind::Internal,
                       fmt::format("The data set \"{}\" could not be opened.", shortened(nameOrPath, 200)),
                       problem.what());
    }
}

} // namespace torchdesk
