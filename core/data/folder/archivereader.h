// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/files.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace torchdesk {

/// How much an archive may hold before it is taken for a trap: a few kilobytes that unpack to terabytes.
struct ArchiveLimits
{
    std::int64_t entries = 2'000'000;
    std::uint64_t entryBytes = std::uint64_t{1} << 30; ///< of one entry; a larger one is unreadable
    std::uint64_t totalBytes = std::uint64_t{1} << 40; ///< of all entries together
    std::uint64_t ratio = 200; ///< all entries together against the archive's own size …
    std::uint64_t freeBytes = std::uint64_t{256} << 20; ///< … which counts from here on
};

struct ArchiveEntry
{
    enum class Kind
    {
        File,
        Folder,
        Link, ///< symbolic or hard
        Other
    };

    std::string path; ///< as stored, with '/', without "./" in front; may be no UTF-8
    Kind kind = Kind::File;
    bool leadsOut = false;  ///< absolute, or with ".." in it: never to be used
    std::uint64_t size = 0; ///< as the archive says
    std::int64_t place = 0; ///< counts from 0 in the archive's order
};

/// What was in an entry, or why it could not be read.
struct ArchiveContent
{
    Bytes bytes;
    std::string problem; ///< "" where it was read
};

/// Reads a zip or tar archive (plain, gzip, bzip2, xz, zstd) once, in order; nothing is written to disk.
/// Names are read as UTF-8 under any locale. One thread at a time; calls block while the file is read.
class ArchiveReader
{
public:
    static Expected<ArchiveReader> open(const std::filesystem::path& file, const ArchiveLimits& limits = {});
    ArchiveReader(ArchiveReader&&) noexcept;
    ArchiveReader& operator=(ArchiveReader&&) noexcept;
    ~ArchiveReader();

    /// nullopt at the end. An error where the archive is damaged or beyond the limits: no more can be read.
    Expected<std::optional<ArchiveEntry>> next();
    /// The entry that next() gave, once. The error is one of the whole archive.
    Expected<ArchiveContent> read();
    /// The share of the file that has been read so far.
    double share() const;

private:
    struct Impl;
    explicit ArchiveReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace torchdesk
