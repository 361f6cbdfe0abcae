// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/openfolder.h"

#include "core/base/files.h"
#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/data/folder/folderdraw.h"
#include "core/data/folder/foldertext.h"
#include "core/data/folder/picturesources.h"
#include "core/data/folder/undecoded.h"
#include "core/data/lastopened.h"
#include "core/data/pictures/picturecache.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

/// Where neither the options nor the model say how large pictures are.
constexpr std::int64_t usualSide = 224;

LastOpened<std::shared_ptr<const FolderScan>>& lastScan()
{
    static LastOpened<std::shared_ptr<const FolderScan>> instance;
    return instance;
}

/// \p state is what the scan was made from.
Expected<std::shared_ptr<const FolderScan>> sharedScan(Expected<FolderScan> scan, const std::string& state)
{
    if (!scan)
        return failure(scan);
    scan->listing.state = state;
    return std::make_shared<const FolderScan>(std::move(*scan));
}

std::string stateOfArchive(const fs::path& file)
{
    std::error_code ignored;
    return fmt::format("{} {}", fs::file_size(file, ignored),
                       fs::last_write_time(file, ignored).time_since_epoch().count());
}

/// Of the pictures in their order: what decoded samples follow from.
std::string contentPrint(const FolderScan& scan, const DrawnFolder& drawn)
{
    Sha256 hash;
    for (const std::size_t index : drawn.order)
        hash.add(scan.pictures[index].hash);
    return hash.finish();
}

/// Of names, sizes, hashes, classes and parts: what a run follows from.
std::string dataPrint(const FolderScan& scan, const DrawnFolder& drawn, const std::string& content)
{
    Sha256 hash;
    const auto add = [&hash](const std::string& text) { hash.add(std::as_bytes(std::span(text))); };
    add(content);
    for (const std::string& name : drawn.classes)
        add(name + '\n');
    add(fmt::format("{} {}\n", drawn.trainCount, drawn.parts.validation.size()));
    for (std::size_t i = 0; i < drawn.order.size(); ++i) {
        const ScannedPicture& picture = scan.pictures[drawn.order[i]];
        add(fmt::format("{}\n{} {}\n", picture.path, picture.size, drawn.labels[i]));
    }
    return hash.finish();
}

DataDescription describedAs(const FolderScan& scan, const DrawnFolder& drawn, const Shape& shape,
                            const std::string& fit)
{
    DataDescription description;
    description.name = scan.folder;
    description.label = shown(fs::path(scan.folder).filename());
    description.summary =
        fmt::format("{} {} pictures in {} classes, {}×{} {}", grouped(std::ssize(drawn.order)),
                    shape[0] == 3 ? "colour" : "grey", drawn.classes.size(), shape[2], shape[1], fit);
    description.classes = drawn.classes;
    description.shape = shape;
    description.trainCount = drawn.trainCount;
    description.testCount = std::ssize(drawn.order) - drawn.trainCount;
    description.folder = scan.folder;
    return description;
}

std::shared_ptr<const SampleStore> storeFrom(const CachedPictures& cached, const DrawnFolder& drawn,
                                             std::int64_t first, std::int64_t end)
{
    if (first == end)
        return nullptr;
    return std::make_shared<MappedStore>(
        cached.samples, first,
        std::vector<std::int64_t>(drawn.labels.begin() + first, drawn.labels.begin() + end));
}

} // namespace

Shape pictureShape(const FolderScan& scan, const FolderOptions& options, const Shape& modelInput)
{
    const bool anyColour = std::ranges::any_of(
        scan.pictures, [](const ScannedPicture& picture) { return picture.channels == 3; });
    const bool colour = options.colour == "colour" || (options.colour == "auto" && anyColour);
    const std::int64_t channels = colour ? 3 : 1;
    if (options.size > 0)
        return {channels, options.size, options.size};
    if (modelInput.size() == 3)
        return {channels, modelInput[1], modelInput[2]};
    return {channels, usualSide, usualSide};
}

Expected<std::shared_ptr<const FolderScan>> keptScan(const fs::path& path, const Progress& progress,
                                                     std::stop_token stop)
{
    if (const auto there = checkPictureFolder(path); !there)
        return failure(there);
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
        const std::string state = stateOfArchive(path);
        return lastScan().get(path.string() + '\n' + state, stop,
                              [&] { return sharedScan(scanFolder(path, progress, stop), state); });
    }
    auto listed = listFolder(path, stop);
    if (!listed)
        return failure(listed);
    const std::string state = listed->state;
    return lastScan().get(path.string() + '\n' + state, stop, [&] {
        return sharedScan(scanFolder(path, std::move(*listed), progress, stop), state);
    });
}

std::string pictureKey(const FolderScan& scan, const FolderOptions& options, const Shape& modelInput)
{
    return fmt::format("{}\n{}\n{} {} {} {} {} {} {} {} {}", scan.folder, scan.listing.state,
                       shapeText(pictureShape(scan, options, modelInput)), options.fit, options.testShare,
                       options.leastPerClass, options.mostPerClass, options.keepTogether,
                       options.keepTogetherMark, options.unreadable, options.colour);
}

Expected<DataSet> picturesOf(const std::shared_ptr<const FolderScan>& scan, const FolderOptions& options,
                             const Shape& modelInput, const Progress& progress, std::stop_token stop)
{
    if (options.unreadable == "stop" && !scan->unreadable.empty())
        return unreadableStops(*scan, scan->unreadable, "read");
    auto drawn = drawFolder(*scan, options);
    if (!drawn)
        return failure(drawn);
    const Shape shape = pictureShape(*scan, options, modelInput);
    const std::string content = contentPrint(*scan, *drawn);
    const auto cached =
        cachePictures(content, openerOf(scan, drawn->order), std::ssize(drawn->order),
                      PictureSettings{shape, options.fit, std::nullopt}, progress, std::move(stop));
    if (!cached)
        return failure(cached);
    if (const auto left = leaveOutUndecoded(*scan, options, cached->unreadable, *drawn); !left)
        return failure(left);
    DataSet data;
    data.description = describedAs(*scan, *drawn, shape, options.fit);
    data.description.fingerprint = dataPrint(*scan, *drawn, content);
    data.train = storeFrom(*cached, *drawn, 0, drawn->trainCount);
    data.test = storeFrom(*cached, *drawn, drawn->trainCount, std::ssize(drawn->order));
    data.notices = noticesOf(*scan, statisticsOf(*scan), loggedFiles);
    data.notices.insert(data.notices.end(), drawn->notices.begin(), drawn->notices.end());
    data.fit = options.fit;
    data.range = cached->range;
    data.parts = std::make_shared<const DataParts>(std::move(drawn->parts));
    return data;
}

} // namespace torchdesk
