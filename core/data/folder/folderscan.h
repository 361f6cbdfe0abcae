// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/data/folder/layout.h"

#include <array>

namespace torchdesk {

/// The first half of a picture file's SHA-256: equal for equal files.
using PictureHash = std::array<std::byte, 16>;

/// A picture that can be used: its place in the folder or archive, and what its head says.
struct ScannedPicture
{
    std::string path;       ///< inside the folder or archive, with '/': bytes as the system has them
    std::string inside;     ///< the path inside its class
    std::int64_t place = 0; ///< in an archive: which entry
    std::int32_t label = 0;
    FolderPart part = FolderPart::None;
    std::uint64_t size = 0; ///< bytes
    PictureHash hash{};
    std::int32_t width = 0;
    std::int32_t height = 0;
    std::int32_t channels = 3; ///< 1 or 3
    std::int32_t bits = 8;
    std::int64_t pages = 1;

    bool operator==(const ScannedPicture&) const = default;
};

struct UnreadableFile
{
    std::string path;   ///< fit for a message
    std::string reason; ///< "it is empty"
    std::int32_t label = -1;
    FolderPart part = FolderPart::None;

    bool operator==(const UnreadableFile&) const = default;
};

/// Everything that is known of a folder (or archive) of pictures without decoding them. Never changes once
/// made.
struct FolderScan
{
    std::string folder; ///< the folder's or archive's path
    bool archive = false;
    bool parts = false; ///< it has train|val|test
    std::vector<std::string> classes;
    std::vector<ScannedPicture> pictures; ///< sorted by part, class and path
    std::vector<UnreadableFile> unreadable;
    FolderListing listing; ///< without its pictures
    FolderLayout layout;   ///< without its places
};

/// Whether \p path is a folder or an archive with pictures in class folders, as far as can be told at a
/// glance. Blocks briefly.
Expected<void> checkPictureFolder(const std::filesystem::path& path);

/// Looks at every picture of a folder or archive: reads it once, hashes it and looks at its head; threads
/// share the work on a folder. Names are listed first with \p listed (from listFolder()) where the caller has
/// them. Blocks; any thread.
Expected<FolderScan> scanFolder(const std::filesystem::path& path, const Progress& progress = {},
                                std::stop_token stop = {});
Expected<FolderScan> scanFolder(const std::filesystem::path& folder, FolderListing listed,
                                const Progress& progress = {}, std::stop_token stop = {});

/// Figures for people.
struct FolderStatistics
{
    struct ClassCount
    {
        std::string name;
        std::int64_t train = 0; ///< or in a folder without parts: all
        std::int64_t validation = 0;
        std::int64_t test = 0;

        bool operator==(const ClassCount&) const = default;
    };

    std::vector<ClassCount> classes;
    std::int64_t pictures = 0;
    std::uint64_t bytes = 0;
    std::int32_t leastWidth = 0, leastHeight = 0;   ///< of the smallest picture by area
    std::int32_t mostWidth = 0, mostHeight = 0;     ///< of the largest
    std::int32_t medianWidth = 0, medianHeight = 0; ///< of the one in the middle by area
    std::int64_t sizes = 0;                         ///< different ones
    std::int64_t colour = 0;
    std::int64_t deep = 0;          ///< more than 8 bits
    std::int64_t severalPages = 0;  ///< of which the first is used
    std::int64_t copies = 0;        ///< pictures that another one equals, byte for byte
    std::int64_t acrossParts = 0;   ///< of those: on more than one of train, validation and test
    std::int64_t acrossClasses = 0; ///< of those: in more than one class
};

FolderStatistics statisticsOf(const FolderScan& scan);

/// A sentence about the data that the person should know; a warning where it makes figures wrong. The first
/// \p named of the files that cannot be read are named: more where no list of them stands beside.
std::vector<DataNotice> noticesOf(const FolderScan& scan, const FolderStatistics& statistics,
                                  std::size_t named = LeftOut::shownNames);

} // namespace torchdesk
