// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/catalogue.h"

#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/data/mnist.h"
#include "core/data/syntheticdigits.h"

#include <condition_variable>
#include <fmt/format.h>
#include <mutex>
#include <optional>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

/// What the files of a folder looked like, so that a changed file is read again: names, sizes and times.
std::string stateOf(const fs::path& folder)
{
    std::string state = folder.string();
    std::error_code ignored;
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

Expected<DataSet> openMnist(const std::vector<fs::path>& folders, const Progress& progress,
                            std::stop_token stop)
{
    const auto folder = findMnist(folders);
    if (!folder)
        return failure(folder);
    return lastOpened().get(stateOf(*folder), stop, [&] { return readMnist(*folder, progress, stop); });
}

Expected<DataSet> openFolder(const std::string& path, const Progress& progress, std::stop_token stop)
{
    if (const auto checked = checkDataFolder(path); !checked)
        return failure(checked);
    const fs::path folder = tidyPath(path);
    auto data = openMnist({folder}, progress, stop);
    if (!data)
        return data;
    data->description.name = path;
    data->description.label = shown(folder.filename());
    return data;
}

tl::unexpected<Error> unknown(const std::string& name)
{
    const std::vector<std::string> names = {drawnDigitsDescription().name, mnistDescription().name};
    const auto near = closest(name, names);
    return failure(
        ErrorKind::NotFound,
        fmt::format("There is no data set \"{}\".{} There are: {}. A folder is given as a path with '/', "
                    "as in ./{}.",
                    shortened(name, 60), near ? fmt::format(" Did you mean \"{}\"?", *near) : "",
                    joined(names, ", "), shortened(name, 60)));
}

} // namespace

std::vector<DataEntry> dataCatalogue(const fs::path& firstFolder)
{
    DataEntry drawn{drawnDigitsDescription(), true, {}};
    DataEntry mnist{mnistDescription(), false, {}};
    if (const auto folder = findMnist(dataFolders(firstFolder))) {
        mnist.available = true;
        mnist.description.folder = folder->string();
    } else {
        mnist.hint = folder.error().message;
    }
    return {drawn, mnist};
}

Expected<void> checkDataFolder(const std::string& path)
{
    const fs::path folder = tidyPath(path);
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        return failure(ErrorKind::NotFound,
                       fmt::format("{} {}. Name the folder that has the four files of MNIST.", shown(folder),
                                   fs::exists(folder, ignored) ? "is no folder" : "is not there"));
    const auto found = findMnist({folder});
    return found ? Expected<void>() : failure(found);
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
        if (nameOrPath == mnistDescription().name)
            return openMnist(dataFolders(firstFolder), progress, stop);
        return unknown(nameOrPath);
    } catch (const std::exception& problem) {
        return failure(ErrorKind::Internal,
                       fmt::format("The data set \"{}\" could not be opened.", shortened(nameOrPath, 200)),
                       problem.what());
    }
}

} // namespace torchdesk
