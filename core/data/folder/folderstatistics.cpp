// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/data/folder/folderscan.h"
#include "core/data/folder/foldertext.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace torchdesk {

namespace {

/// Which parts and classes hold one and the same picture.
struct Twins
{
    std::int64_t count = 0;
    std::set<FolderPart> parts;
    std::set<std::int32_t> labels;
};

void countTwins(const FolderScan& scan, FolderStatistics& statistics)
{
    std::vector<const ScannedPicture*> byHash;
    byHash.reserve(scan.pictures.size());
    for (const ScannedPicture& picture : scan.pictures)
        byHash.push_back(&picture);
    std::ranges::sort(byHash, {}, [](const ScannedPicture* picture) { return picture->hash; });
    for (auto at = byHash.begin(); at != byHash.end();) {
        const auto end =
            std::find_if(at, byHash.end(), [&](const auto* p) { return p->hash != (*at)->hash; });
        if (end - at > 1) {
            Twins twins;
            for (; at != end; ++at, ++twins.count) {
                twins.parts.insert((*at)->part);
                twins.labels.insert((*at)->label);
            }
            statistics.copies += twins.count - 1;
            statistics.acrossParts += twins.parts.size() > 1 ? 1 : 0;
            statistics.acrossClasses += twins.labels.size() > 1 ? 1 : 0;
        }
        at = end;
    }
}

void countSizes(const FolderScan& scan, FolderStatistics& statistics)
{
    const auto area = [](const ScannedPicture& picture) {
        return std::int64_t{picture.width} * picture.height;
    };
    const auto [least, most] = std::ranges::minmax_element(scan.pictures, {}, area);
    if (least == scan.pictures.end())
        return;
    statistics.leastWidth = least->width;
    statistics.leastHeight = least->height;
    statistics.mostWidth = most->width;
    statistics.mostHeight = most->height;
    std::vector<const ScannedPicture*> byArea;
    byArea.reserve(scan.pictures.size());
    for (const ScannedPicture& picture : scan.pictures)
        byArea.push_back(&picture);
    // Of an even number the smaller of the two in the middle, so that it is the size of a picture.
    const auto middle = byArea.begin() + (std::ssize(byArea) - 1) / 2;
    std::ranges::nth_element(byArea, middle, {}, [&](const ScannedPicture* picture) {
        return std::pair(area(*picture), picture->width);
    });
    statistics.medianWidth = (*middle)->width;
    statistics.medianHeight = (*middle)->height;
    std::set<std::pair<std::int32_t, std::int32_t>> sizes;
    for (const ScannedPicture& picture : scan.pictures)
        sizes.insert({picture.width, picture.height});
    statistics.sizes = std::ssize(sizes);
}

class NoticeWriter
{
public:
    explicit NoticeWriter(const FolderScan& scan) : m_scan(scan) {}

    void leftOut(const LeftOut& left, const std::string& thing, const char* what, bool warning = false)
    {
        if (left.count > 0)
            say(fmt::format("Left out: {} {}{}.", counted(left.count, thing), what, examples(left)), warning);
    }

    void unreadable(std::size_t named)
    {
        const auto count = std::ssize(m_scan.unreadable);
        if (count == 0)
            return;
        // A run's log has no list beside it.
        const bool all = m_scan.unreadable.size() <= named;
        const std::string rest =
            all || named < loggedFiles ? "" : " (torchdesk-cli data DIR --json lists all)";
        say(fmt::format("Left out: {} that cannot be read: {}{}.", counted(count, "picture"),
                        listedFiles(m_scan.unreadable, named), rest),
            true);
    }

    void say(std::string message, bool warning = false) { m_said.push_back({std::move(message), warning}); }
    std::vector<DataNotice> take() { return std::move(m_said); }

private:
    const FolderScan& m_scan;
    std::vector<DataNotice> m_said;
};

void sayTwins(NoticeWriter& writer, const FolderStatistics& statistics)
{
    if (statistics.acrossParts > 0)
        writer.say(fmt::format("{} found in more than one of train, val and test: figures of such a split "
                               "are too good. Remove the copies.",
                               counted(statistics.acrossParts, "picture") +
                                   (statistics.acrossParts == 1 ? " was" : " were")),
                   true);
    if (statistics.acrossClasses > 0)
        writer.say(fmt::format("{} found in more than one class: no network can tell these apart.",
                               counted(statistics.acrossClasses, "picture") +
                                   (statistics.acrossClasses == 1 ? " was" : " were")),
                   true);
    if (statistics.copies > 0 && statistics.acrossParts == 0 && statistics.acrossClasses == 0)
        writer.say(fmt::format("{} of another picture {} found; drawn parts keep them together.",
                               statistics.copies == 1 ? std::string("1 copy")
                                                      : grouped(statistics.copies) + " copies",
                               statistics.copies == 1 ? "was" : "were"));
}

} // namespace

FolderStatistics statisticsOf(const FolderScan& scan)
{
    FolderStatistics statistics;
    for (const std::string& name : scan.classes)
        statistics.classes.push_back({name});
    for (const ScannedPicture& picture : scan.pictures) {
        FolderStatistics::ClassCount& count = statistics.classes[static_cast<std::size_t>(picture.label)];
        ++(picture.part == FolderPart::Validation ? count.validation
           : picture.part == FolderPart::Test     ? count.test
                                                  : count.train);
        statistics.bytes += picture.size;
        statistics.colour += picture.channels == 3 ? 1 : 0;
        statistics.deep += picture.bits > 8 ? 1 : 0;
        statistics.severalPages += picture.pages > 1 ? 1 : 0;
    }
    statistics.pictures = std::ssize(scan.pictures);
    countSizes(scan, statistics);
    countTwins(scan, statistics);
    return statistics;
}

std::vector<DataNotice> noticesOf(const FolderScan& scan, const FolderStatistics& statistics,
                                  std::size_t named)
{
    NoticeWriter writer(scan);
    writer.unreadable(named);
    for (const auto& [format, files] : scan.listing.foreign)
        writer.leftOut(files, format + " file", "in a format that is not read (save as TIFF, PNG or JPEG)");
    writer.leftOut(scan.listing.archives, "archive", "inside, whose pictures are seen once unpacked");
    const std::string outside =
        scan.layout.wrapper.empty()
            ? std::string("outside the class folders")
            : fmt::format("outside '{}', whose folders are the classes", scan.layout.wrapper);
    writer.leftOut(scan.layout.outside, "picture", outside.c_str());
    writer.leftOut(scan.layout.otherFolders, "picture", "beside train, val and test");
    writer.leftOut(scan.layout.unknownClasses, "picture", "of classes that train does not have", true);
    writer.leftOut(scan.layout.unreadableNames, "picture", "in a folder whose name is no UTF-8 (rename it)",
                   true);
    writer.leftOut(scan.listing.links, "link",
                   scan.archive ? "in the archive" : "to what would be found twice or for ever");
    writer.leftOut(scan.listing.broken, "link or folder", "that cannot be opened", true);
    writer.leftOut(scan.listing.escaping, "name", "with '..' or from the root, leading out of the archive",
                   true);
    LeftOut empty;
    for (const std::string& name : scan.layout.emptyClasses)
        empty.add(name);
    writer.leftOut(empty, "class folder", "without pictures");
    if (statistics.severalPages > 0)
        writer.say(fmt::format("{} several pages; the first of each is used.",
                               counted(statistics.severalPages, "picture") +
                                   (statistics.severalPages == 1 ? " has" : " have")));
    sayTwins(writer, statistics);
    return writer.take();
}

} // namespace torchdesk
