// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/keeptogether.h"

#include "core/base/text.h"
#include "core/data/folder/foldertext.h"

#include <fmt/format.h>
#include <map>

namespace torchdesk {

namespace {

/// The parts in which a group was met, and a picture of each.
using GroupParts = std::map<FolderPart, const ScannedPicture*>;

std::map<std::string, GroupParts> groupsIn(const FolderScan& scan, const FolderOptions& options)
{
    std::map<std::string, GroupParts> groups;
    for (const ScannedPicture& picture : scan.pictures) {
        if (const std::string name = belongsTo(picture.inside, options); !name.empty())
            groups[name].try_emplace(picture.part, &picture);
    }
    return groups;
}

DataNotice noGroups(const FolderOptions& options)
{
    if (options.keepTogether == "folder")
        return {
            "keep_together=folder: no class folder has sub-folders, so each picture is a group of its own. "
            "Put what belongs together into a sub-folder of its class, or choose keep_together=name.",
            true};
    if (options.keepTogetherMark.empty())
        return {
            "keep_together=name: keep_together_mark is empty, so each picture is a group of its own. Name "
            "the text behind what belongs together, such as keep_together_mark=_.",
            true};
    return {
        fmt::format("keep_together=name: no file name holds '{}' behind its beginning, so each picture is "
                    "a group of its own. Choose a keep_together_mark that the file names have.",
                    shortened(options.keepTogetherMark, 40)),
        true};
}

/// "'slide7' (train/a/slide7_1.png, val/a/slide7_2.png)"
std::string exampleOf(const std::string& name, const GroupParts& parts)
{
    std::vector<std::string> paths;
    for (const auto& [part, picture] : parts)
        paths.push_back(shortened(picture->path, 120));
    return fmt::format("'{}' ({})", shortened(name, 60), joined(paths, ", "));
}

} // namespace

std::string belongsTo(const std::string& inside, const FolderOptions& options)
{
    const auto slash = inside.rfind('/');
    if (options.keepTogether == "folder")
        return slash == std::string::npos ? std::string() : inside.substr(0, slash);
    if (options.keepTogether != "name" || options.keepTogetherMark.empty())
        return {};
    const std::string name = slash == std::string::npos ? inside : inside.substr(slash + 1);
    const auto mark = name.find(options.keepTogetherMark);
    return mark == std::string::npos ? std::string() : name.substr(0, mark);
}

std::vector<DataNotice> togetherNotices(const FolderScan& scan, const FolderOptions& options)
{
    if (options.keepTogether != "folder" && options.keepTogether != "name")
        return {};
    const auto groups = groupsIn(scan, options);
    if (groups.empty())
        return {noGroups(options)};
    std::int64_t shared = 0;
    std::string example;
    for (const auto& [name, parts] : groups) {
        if (parts.size() > 1 && shared++ == 0)
            example = exampleOf(name, parts);
    }
    if (shared == 0)
        return {};
    return {
        {fmt::format("keep_together={}: {} {} pictures in more than one of train, val and test, such as "
                     "{}: figures of such a split are too good. Move each group into one of them.",
                     options.keepTogether, counted(shared, "group"), shared == 1 ? "has" : "have", example),
         true}};
}

} // namespace torchdesk
