// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/folderlisting.h"

#include "core/base/files.h"
#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/data/folder/filekinds.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <set>
#include <span>
#include <sys/stat.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

/// Deeper folders are passed over.
constexpr int deepest = 64;

using FolderId = std::pair<dev_t, ino_t>;

/// The walk through one folder tree.
class FolderWalk
{
public:
    FolderWalk(fs::path root, std::stop_token stop, std::int64_t most)
        : m_root(std::move(root)), m_stop(std::move(stop)), m_most(most)
    {}

    Expected<FolderListing> run()
    {
        struct stat status
        {};
        if (stat(m_root.c_str(), &status) != 0)
            return tl::unexpected(systemError(errno, "Cannot open", m_root));
        m_seen.insert({status.st_dev, status.st_ino});
        if (const auto walked = walk({}, 0); !walked)
            return failure(walked);
        std::ranges::sort(m_listing.pictures, {}, &ListedFile::path);
        std::ranges::sort(m_listing.folders);
        for (std::size_t i = 0; i < m_listing.pictures.size(); ++i)
            m_listing.pictures[i].place = static_cast<std::int64_t>(i);
        m_listing.state = m_state.finish();
        return std::move(m_listing);
    }

private:
    struct Found
    {
        std::string name;
        bool link = false;
        struct stat status = {};
    };

    Expected<void> walk(const std::string& relative, int depth)
    {
        auto found = entries(relative);
        if (!found)
            return failure(found);
        for (const Found& each : *found) {
            const std::string path = relative.empty() ? each.name : relative + '/' + each.name;
            if (const auto taken = take(path, each, depth); !taken)
                return taken;
        }
        return {};
    }

    /// What lies in one folder: real ones before links, so that a link never hides what it leads to.
    Expected<std::vector<Found>> entries(const std::string& relative)
    {
        std::vector<Found> found;
        const fs::path folder = m_root / relative;
        const std::unique_ptr<DIR, int (*)(DIR*)> opened(opendir(folder.c_str()), closedir);
        if (!opened) {
            if (relative.empty())
                return tl::unexpected(systemError(errno, "Cannot open", folder));
            m_listing.broken.add(relative);
            return found;
        }
        while (const dirent* entry = readdir(opened.get())) {
            const std::string name = entry->d_name;
            if (name == "." || name == "..")
                continue;
            if (++m_files > m_most)
                return tooMany();
            if (m_stop.stop_requested())
                return failure(ErrorKind::Cancelled, "Looking through the folder was stopped.");
            Found one{name, false, {}};
            if (fstatat(dirfd(opened.get()), name.c_str(), &one.status, AT_SYMLINK_NOFOLLOW) != 0)
                continue; // it is gone already
            one.link = S_ISLNK(one.status.st_mode);
            if (one.link && fstatat(dirfd(opened.get()), name.c_str(), &one.status, 0) != 0)
                m_listing.broken.add(relative.empty() ? name : relative + '/' + name);
            else
                found.push_back(std::move(one));
        }
        std::ranges::sort(found, {}, [](const Found& one) { return std::pair(one.link, one.name); });
        return found;
    }

    tl::unexpected<Error> tooMany() const
    {
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{}: found more than {} files and folders, which is the most that is "
                                   "looked through. Name the folder of the pictures itself.",
                                   shown(m_root), grouped(m_most)));
    }

    Expected<void> take(const std::string& path, const Found& found, int depth)
    {
        if (S_ISDIR(found.status.st_mode))
            return takeFolder(path, found, depth);
        if (!S_ISREG(found.status.st_mode))
            return {};
        switch (fileKind(path)) {
        case EntryKind::Picture:
            m_listing.pictures.push_back({path, static_cast<std::uint64_t>(found.status.st_size), 0});
            note(path, found.status);
            break;
        case EntryKind::Foreign:
            m_listing.foreign[formatName(path)].add(path);
            break;
        case EntryKind::Archive:
            m_listing.archives.add(path);
            break;
        case EntryKind::Other:
            ++m_listing.otherFiles;
            break;
        case EntryKind::Hidden:
            break;
        }
        return {};
    }

    Expected<void> takeFolder(const std::string& path, const Found& found, int depth)
    {
        if (fileKind(path) == EntryKind::Hidden)
            return {};
        const bool known = !m_seen.insert({found.status.st_dev, found.status.st_ino}).second;
        // A link to what lies in this folder anyway would show it twice, or lead in a circle.
        if (known || depth >= deepest || (found.link && leadsInside(path))) {
            m_listing.links.add(path);
            return {};
        }
        m_listing.folders.push_back(path);
        return walk(path, depth + 1);
    }

    bool leadsInside(const std::string& path) const
    {
        std::error_code ignored;
        const fs::path target = fs::canonical(m_root / path, ignored);
        const fs::path root = fs::canonical(m_root, ignored);
        const auto [end, at] = std::mismatch(root.begin(), root.end(), target.begin(), target.end());
        return !ignored && end == root.end();
    }

    void note(const std::string& path, const struct stat& status)
    {
        const std::string line = fmt::format("{}\n{} {}.{} {}\n", path, status.st_size, status.st_mtim.tv_sec,
                                             status.st_mtim.tv_nsec, status.st_ino);
        m_state.add(std::as_bytes(std::span(line)));
    }

    fs::path m_root;
    std::stop_token m_stop;
    std::int64_t m_most;
    std::int64_t m_files = 0;
    std::set<FolderId> m_seen;
    FolderListing m_listing;
    Sha256 m_state;
};

} // namespace

void LeftOut::add(const std::string& name)
{
    ++count;
    if (names.size() < shownNames)
        names.push_back(shortened(name, 120));
}

Expected<FolderListing> listFolder(const fs::path& folder, std::stop_token stop, std::int64_t most)
{
    return FolderWalk(folder, std::move(stop), most).run();
}

} // namespace torchdesk
