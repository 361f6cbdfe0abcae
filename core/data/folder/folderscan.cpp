// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/folderscan.h"

#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/data/folder/archivereader.h"
#include "core/data/folder/filekinds.h"
#include "core/data/folder/foldertext.h"
#include "core/data/folder/picturefile.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <mutex>
#include <thread>
#include <tuple>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> scanStopped()
{
    return failure(ErrorKind::Cancelled, "Looking through the pictures was stopped.");
}

/// Disks answer several questions at once, so even one core asks a few.
unsigned readerCount()
{
    return std::clamp(std::thread::hardware_concurrency(), 4u, 16u);
}

/// Looks at the files of a folder from several threads.
class FolderLooker
{
public:
    FolderLooker(const fs::path& folder, const std::vector<ListedFile>& files, const Progress& progress,
                 std::stop_token stop)
        : m_folder(folder), m_files(files), m_progress(progress), m_stop(std::move(stop)),
          m_looked(files.size())
    {}

    Expected<std::vector<LookedAt>> run()
    {
        {
            std::vector<std::jthread> threads;
            for (unsigned i = 1; i < readerCount() && i * 64 < m_files.size(); ++i)
                threads.emplace_back([this] { work(false); });
            work(true);
        }
        if (m_stop.stop_requested())
            return scanStopped();
        if (m_full)
            return failure(ErrorKind::OutOfMemory, "The memory is full. Close other programs.");
        return std::move(m_looked);
    }

private:
    void work(bool tells) noexcept
    {
        try {
            for (std::size_t i = m_next++; i < m_files.size() && !m_stop.stop_requested(); i = m_next++) {
                m_looked[i] = lookAtFile(m_folder / m_files[i].path);
                if (tells && m_progress && i % 64 == 0)
                    m_progress(static_cast<double>(i) / static_cast<double>(m_files.size()),
                               fmt::format("looking at picture {} of {}",
                                           grouped(static_cast<std::int64_t>(i)),
                                           grouped(std::ssize(m_files))));
            }
        } catch (const std::exception&) {
            m_full = true;
        }
    }

    const fs::path& m_folder;
    const std::vector<ListedFile>& m_files;
    const Progress& m_progress;
    std::stop_token m_stop;
    std::vector<LookedAt> m_looked; ///< each thread writes its own elements
    std::atomic<std::size_t> m_next = 0;
    std::atomic<bool> m_full = false;
};

struct LookedAtArchive
{
    FolderListing listing;
    std::vector<LookedAt> looked;
};

/// Takes what is no picture note of; true where the entry is a picture to be looked at.
bool isPictureEntry(const ArchiveEntry& entry, FolderListing& listing)
{
    const EntryKind kind = fileKind(entry.path);
    if (kind == EntryKind::Hidden || entry.kind == ArchiveEntry::Kind::Other)
        return false;
    if (entry.leadsOut)
        return listing.escaping.add(entry.path), false;
    if (entry.kind == ArchiveEntry::Kind::Link)
        return listing.links.add(entry.path), false;
    if (entry.kind == ArchiveEntry::Kind::Folder) {
        std::string folder = entry.path;
        while (folder.ends_with('/'))
            folder.pop_back();
        if (!folder.empty())
            listing.folders.push_back(folder);
        return false;
    }
    if (kind == EntryKind::Foreign)
        listing.foreign[formatName(entry.path)].add(entry.path);
    else if (kind == EntryKind::Archive)
        listing.archives.add(entry.path);
    else if (kind == EntryKind::Other)
        ++listing.otherFiles;
    return kind == EntryKind::Picture;
}

Expected<LookedAtArchive> lookAtArchive(const fs::path& file, const Progress& progress, std::stop_token stop)
{
    auto archive = ArchiveReader::open(file);
    if (!archive)
        return failure(archive);
    LookedAtArchive found;
    for (;;) {
        if (stop.stop_requested())
            return scanStopped();
        const auto entry = archive->next();
        if (!entry)
            return failure(entry);
        if (!*entry)
            break;
        if (!isPictureEntry(**entry, found.listing))
            continue;
        auto content = archive->read();
        if (!content)
            return failure(content);
        found.looked.push_back(content->problem.empty() ? lookAt(content->bytes)
                                                        : LookedAt{content->problem});
        found.listing.pictures.push_back({(*entry)->path, content->bytes.size(), (*entry)->place});
        if (progress && found.looked.size() % 64 == 0)
            progress(archive->share(),
                     fmt::format("looking at picture {}", grouped(std::ssize(found.looked))));
    }
    std::ranges::sort(found.listing.folders);
    return found;
}

/// Joins names, layout and what was seen.
Expected<FolderScan> scanOf(const fs::path& path, FolderListing listing, std::vector<LookedAt> looked,
                            FolderLayout layout)
{
    FolderScan scan;
    scan.folder = path.string();
    scan.parts = layout.parts;
    for (std::size_t i = 0; i < looked.size(); ++i) {
        const PicturePlace& place = layout.places[i];
        if (place.label < 0)
            continue;
        ListedFile& file = listing.pictures[i];
        LookedAt& seen = looked[i];
        if (!seen.problem.empty()) {
            scan.unreadable.push_back(
                {shortened(file.path, 200), std::move(seen.problem), place.label, place.part});
            continue;
        }
        scan.pictures.push_back({std::move(file.path), place.inside, file.place, place.label, place.part,
                                 seen.size, seen.hash, seen.width, seen.height, seen.channels, seen.bits,
                                 seen.pages});
    }
    std::ranges::sort(scan.pictures, {}, [](const ScannedPicture& picture) {
        return std::tuple<FolderPart, std::int32_t, const std::string&, std::int64_t>(
            picture.part, picture.label, picture.path, picture.place);
    });
    scan.classes = layout.classes;
    layout.places.clear();
    listing.pictures.clear();
    scan.layout = std::move(layout);
    scan.listing = std::move(listing);
    if (scan.pictures.empty())
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: none of the {} pictures can be read (such as {}). Check the files.",
                                   shown(path), grouped(std::ssize(scan.unreadable)),
                                   listedFiles({scan.unreadable.front()}, 1)));
    return scan;
}

Expected<FolderScan> scanArchive(const fs::path& file, const Progress& progress, std::stop_token stop)
{
    auto found = lookAtArchive(file, progress, std::move(stop));
    if (!found)
        return failure(found);
    auto layout = layoutOf(found->listing, shown(file.filename()));
    if (!layout)
        return failure(layout);
    auto scan = scanOf(file, std::move(found->listing), std::move(found->looked), std::move(*layout));
    if (scan)
        scan->archive = true;
    return scan;
}

} // namespace

Expected<void> checkPictureFolder(const fs::path& path)
{
    std::error_code ignored;
    if (fs::is_directory(path, ignored))
        return {};
    if (!fs::exists(path, ignored))
        return failure(
            ErrorKind::NotFound,
            fmt::format("{} is not there. Name a folder or an archive of pictures, or the folder with "
                        "the four files of MNIST.",
                        shown(path)));
    if (fs::is_regular_file(path, ignored) && isArchiveName(path.native()))
        return {};
    return failure(ErrorKind::Unsupported,
                   fmt::format("{} is no folder and no archive (zip, tar, tar.gz, tar.bz2, tar.xz, tar.zst). "
                               "Name a folder or an archive of pictures.",
                               shown(path)));
}

Expected<FolderScan> scanFolder(const fs::path& path, const Progress& progress, std::stop_token stop)
{
    if (const auto there = checkPictureFolder(path); !there)
        return failure(there);
    std::error_code ignored;
    if (!fs::is_directory(path, ignored))
        return scanArchive(path, progress, stop);
    auto listed = listFolder(path, stop);
    if (!listed)
        return failure(listed);
    return scanFolder(path, std::move(*listed), progress, stop);
}

Expected<FolderScan> scanFolder(const fs::path& folder, FolderListing listed, const Progress& progress,
                                std::stop_token stop)
{
    auto layout = layoutOf(listed, shown(folder.filename())); // before any file is read
    if (!layout)
        return failure(layout);
    auto looked = FolderLooker(folder, listed.pictures, progress, std::move(stop)).run();
    if (!looked)
        return failure(looked);
    return scanOf(folder, std::move(listed), std::move(*looked), std::move(*layout));
}

} // namespace torchdesk
