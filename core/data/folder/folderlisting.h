// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace torchdesk {

/// A file with the name of a picture, inside a folder or an archive.
struct ListedFile
{
    std::string path;       ///< relative, with '/': bytes as the system has them
    std::uint64_t size = 0; ///< 0 where an archive does not say
    std::int64_t place = 0; ///< in an archive: which entry; in a folder: which file

    bool operator==(const ListedFile&) const = default;
};

/// Things of one kind that are not used, counted, with the first of them by name.
struct LeftOut
{
    static constexpr std::size_t shownNames = 3;

    void add(const std::string& name);
    std::int64_t count = 0;
    std::vector<std::string> names; ///< fit for a message

    bool operator==(const LeftOut&) const = default;
};

/// The names in a folder or archive, before any picture is looked at.
struct FolderListing
{
    std::vector<ListedFile> pictures;       ///< sorted by path
    std::vector<std::string> folders;       ///< relative, sorted; those of an archive where it names them
    std::map<std::string, LeftOut> foreign; ///< pictures that are not read, by format: "CZI"
    LeftOut archives;                       ///< inside the folder or archive, whose pictures are not seen
    LeftOut links;    ///< that lead in a circle or to what is there already, or (in an archive) any
    LeftOut broken;   ///< links that lead nowhere, folders that may not be read
    LeftOut escaping; ///< entries of an archive that lead out of it: "../x.jpg"
    std::int64_t otherFiles = 0; ///< that are no pictures at all
    std::string state;           ///< changes when a file is added, changed, renamed or removed

    bool operator==(const FolderListing&) const = default;
};

/// More files than this are no folder of pictures, but perhaps the whole disk.
constexpr std::int64_t mostFiles = 2'000'000;

/// Walks the folder, through links to other folders too, each folder once. Blocks; any thread.
Expected<FolderListing> listFolder(const std::filesystem::path& folder, std::stop_token stop = {},
                                   std::int64_t most = mostFiles);

} // namespace torchdesk
