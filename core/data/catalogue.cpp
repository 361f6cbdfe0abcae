// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/catalogue.h"

#include "core/base/files.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/data/cifar.h"
#include "core/data/datafiles.h"
#include "core/data/folder/openfolder.h"
#include "core/data/knownsets.h"
#include "core/data/lastopened.h"
#include "core/data/mnist.h"
#include "core/data/published.h"
#include "core/data/sizedset.h"
#include "core/data/syntheticdigits.h"

#include <fmt/format.h>
#include <new>

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

LastOpened<DataSet>& lastOpened()
{
    static LastOpened<DataSet> instance;
    return instance;
}

/// What one of two halves tells, as a part of the whole: the first from 0, the second from 0.5.
Progress halfFrom(double from, const Progress& progress)
{
    if (!progress)
        return {};
    return [&progress, from](double share, const std::string& what) { progress(from + share / 2, what); };
}

using Read = std::function<Expected<DataSet>(const Progress& progress)>;

/// A set with a size of its own, in the size that the options say. \p key: what it is made from.
Expected<DataSet> openSized(const std::string& key, const FolderOptions& options, const Read& read,
                            const Progress& progress, std::stop_token stop)
{
    const auto keyAt = [&](std::int64_t size) { return fmt::format("{}|{}", key, size); };
    // The size of the set itself is no other set: who asks for it shares the copy of who asks for none.
    if (const auto own = lastOpened().kept(keyAt(0)); own && !isSizedOtherwise(own->description, options))
        return *own;
    return lastOpened().get(keyAt(options.size), stop, [&]() -> Expected<DataSet> {
        auto data = read(options.size == 0 ? progress : halfFrom(0, progress));
        if (!data)
            return data;
        return sizedSet(std::move(*data), options, halfFrom(0.5, progress), stop);
    });
}

Expected<DataSet> openKnown(const KnownSet& set, const std::vector<fs::path>& folders,
                            const FolderOptions& options, const Progress& progress, std::stop_token stop)
{
    const auto place = set.find(folders);
    if (!place)
        return failure(place);
    const auto read = [&](const Progress& told) { return set.read(*place, told, stop); };
    return openSized(set.describe().name + '|' + stateOf(*place), options, read, progress, stop);
}

/// The known set whose files lie in the folder; nullptr where pictures may. One that is not whole, or two of
/// them, are errors.
Expected<const KnownSet*> knownSetAt(const fs::path& path)
{
    std::error_code ignored;
    if (!fs::is_directory(path, ignored))
        return nullptr;
    auto set = knownSetIn(path);
    const bool none = !set && set.error().kind == ErrorKind::NotFound;
    return none && missingIdxFiles(path).size() == idxFileCount ? Expected<const KnownSet*>(nullptr) : set;
}

Expected<DataSet> openKnownFolder(const KnownSet& set, const DataRequest& request, const Progress& progress,
                                  std::stop_token stop)
{
    const fs::path folder = tidyPath(request.data);
    auto data = openKnown(set, {folder}, request.pictures, progress, std::move(stop));
    if (!data)
        return data;
    data->description.name = request.data;
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

Expected<DataSet> openPictures(const DataRequest& request, const Progress& progress, std::stop_token stop)
{
    const auto scan = keptScan(tidyPath(request.data), halfFrom(0, progress), stop);
    if (!scan)
        return failure(scan);
    auto data = lastOpened().get(pictureKey(**scan, request.pictures, request.modelInput), stop, [&] {
        return picturesOf(*scan, request.pictures, request.modelInput, halfFrom(0.5, progress), stop);
    });
    if (data)
        data->description.name = request.data;
    return data;
}

/// The folder with the files of a known set, or a folder or archive of pictures.
Expected<DataSet> openPath(const DataRequest& request, const Progress& progress, std::stop_token stop)
{
    const auto set = knownSetAt(tidyPath(request.data));
    if (!set)
        return failure(set);
    if (*set)
        return openKnownFolder(**set, request, progress, std::move(stop));
    auto pictures = openPictures(request, progress, std::move(stop));
    if (!pictures && pictures.error().kind == ErrorKind::NotFound)
        for (const CifarForm* form : {&cifar10(), &cifar100()})
            if (const std::string found = cifarForPython(*form, {tidyPath(request.data)}); !found.empty())
                return failure(ErrorKind::Unsupported, found + waysToGet(form->description.name));
    return pictures;
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
    if (const auto there = checkPictureFolder(tidyPath(path)); !there)
        return failure(there);
    const auto set = knownSetAt(tidyPath(path));
    return set ? Expected<void>() : failure(set);
}

Expected<std::shared_ptr<const FolderScan>> picturesAt(const std::string& data, const Progress& progress,
                                                       std::stop_token stop)
{
    if (data.find('/') == std::string::npos)
        return nullptr;
    const auto set = knownSetAt(tidyPath(data));
    if (!set)
        return failure(set);
    if (*set)
        return nullptr;
    return keptScan(tidyPath(data), progress, std::move(stop));
}

DataRequest requestOf(const TrainingPlan& plan, const Shape& modelInput)
{
    return {plan.data, plan.dataFolder, plan.pictures, modelInput};
}

DataRequest requestFor(const TrainingPlan& plan, const Shape& input)
{
    DataRequest request = requestOf(plan, input);
    if (input.size() == 3 && input[1] == input[2])
        request.pictures.size = input[1];
    return request;
}

Expected<DataSet> openData(const DataRequest& request, const Progress& progress, std::stop_token stop)
{
    const std::string& name = request.data;
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "Opening the data set was stopped.");
    try {
        if (name.find('/') != std::string::npos)
            return openPath(request, progress, stop);
        if (name == drawnDigitsDescription().name)
            return openSized(
                name, request.pictures, [&](const Progress& told) { return drawDigits(told, stop); },
                progress, stop);
        if (const KnownSet* set = namedSet(name))
            return openKnown(*set, dataFolders(request.folder), request.pictures, progress, stop);
        return unknown(name);
    } catch (const std::exception& problem) {
        return failure(ErrorKind::Internal,
                       fmt::format("The data set \"{}\" could not be opened.", shortened(name, 200)),
                       problem.what());
    }
}

Expected<DataSet> openData(const std::string& nameOrPath, const fs::path& firstFolder,
                           const Progress& progress, std::stop_token stop)
{
    return openData(DataRequest{nameOrPath, firstFolder, {}, {}}, progress, std::move(stop));
}

} // namespace torchdesk
