// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/download/partfile.h"

#include "core/base/files.h"
#include "core/base/sha256.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

/// Another download may have given the file its name between the opening and the lock.
bool stillThere(int descriptor, const fs::path& path)
{
    struct stat opened
    {};
    struct stat named
    {};
    return fstat(descriptor, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
           opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

} // namespace

PartFile::PartFile(const PublishedFile& wanted, const fs::path& folder, int descriptor)
    : m_wanted(&wanted), m_target(folder / wanted.name), m_path(folder / (wanted.name + ".part")),
      m_descriptor(descriptor)
{}

PartFile::PartFile(PartFile&& other) noexcept
    : m_wanted(other.m_wanted), m_target(std::move(other.m_target)), m_path(std::move(other.m_path)),
      m_descriptor(std::exchange(other.m_descriptor, -1)), m_size(other.m_size), m_locked(other.m_locked)
{}

PartFile::~PartFile()
{
    if (m_descriptor < 0)
        return;
    if (m_locked && m_size == 0)
        ::unlink(m_path.c_str());
    ::close(m_descriptor); // and with it the lock
}

Expected<PartFile> PartFile::open(const PublishedFile& wanted, const fs::path& folder)
{
    const fs::path path = folder / (wanted.name + ".part");
    PartFile part(wanted, folder, ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (part.m_descriptor < 0)
        return tl::unexpected(systemError(errno, "Cannot write", path));
    const bool locked = flock(part.m_descriptor, LOCK_EX | LOCK_NB) == 0;
    if (!locked && errno != EWOULDBLOCK)
        return tl::unexpected(systemError(errno, "Cannot lock", path));
    if (!locked || !stillThere(part.m_descriptor, path)) {
        return failure(ErrorKind::Locked,
                       fmt::format("{} is being downloaded by another TorchDesk. Wait for it, or stop it.",
                                   shown(path)));
    }
    struct stat status
    {};
    if (fstat(part.m_descriptor, &status) != 0)
        return tl::unexpected(systemError(errno, "Cannot read", path));
    part.m_locked = true;
    part.m_size = static_cast<std::uint64_t>(status.st_size);
    if (part.m_size > wanted.size) {
        if (auto emptied = part.restart(); !emptied)
            return failure(emptied);
    }
    return part;
}

Expected<void> PartFile::append(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t done = pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(m_size));
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return tl::unexpected(systemError(errno, "Cannot write", m_path));
        m_size += static_cast<std::uint64_t>(done);
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    return {};
}

Expected<void> PartFile::restart()
{
    if (ftruncate(m_descriptor, 0) != 0)
        return tl::unexpected(systemError(errno, "Cannot write", m_path));
    m_size = 0;
    return {};
}

Expected<bool> PartFile::verify(std::stop_token stop) const
{
    return hasSha256(m_path, m_wanted->sha256, std::move(stop));
}

Expected<bool> hasSha256(const fs::path& file, const std::string& wanted, std::stop_token stop)
{
    return sha256OfFile(file, std::move(stop)).map([&](const std::string& found) { return found == wanted; });
}

Expected<void> PartFile::publish()
{
    if (fsync(m_descriptor) != 0)
        return tl::unexpected(systemError(errno, "Cannot write", m_path));
    // A link fails where something stands, a rename would replace it.
    if (::link(m_path.c_str(), m_target.c_str()) == 0)
        ::unlink(m_path.c_str());
    else if (errno == EEXIST)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{} has appeared meanwhile. Move it away and try again.", shown(m_target)));
    else if (::rename(m_path.c_str(), m_target.c_str()) != 0) // file systems without links
        return tl::unexpected(systemError(errno, "Cannot write", m_target));
    return syncFolder(m_target.parent_path());
}

} // namespace torchdesk
