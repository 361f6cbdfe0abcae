// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/cachenotes.h"

#include <filesystem>

namespace torchdesk {

/// A cache file: a header of one page (sizes, the key, a checksum of itself), count samples of sampleBytes
/// bytes, then a CRC-32C for each sample and the notes as JSON, with a checksum of both. It is read on the
/// machine that wrote it, so numbers are in its own order.
struct CacheKey
{
    std::string name; ///< 64 hexadecimal digits: of what the pictures are and how they are kept
    std::int64_t count = 0;
    std::int64_t sampleBytes = 0;

    std::uint64_t pixelBytes() const
    {
        return static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(sampleBytes);
    }
};

/// The name of its file.
std::string cacheFileName(const CacheKey& key);

struct OpenedCache
{
    std::shared_ptr<const MappedSamples> samples;
    CacheNotes notes;
};

/// nullopt where there is no such file, or one that is short, damaged or of another version: then it is to be
/// made again. Checks the sum of every sample up to 1 GiB of pixels; of more, of samples spread evenly over
/// the file that make 1 GiB together. Marks the file as used now.
std::optional<OpenedCache> openCacheFile(const std::filesystem::path& folder, const CacheKey& key);

/// Makes a cache file beside its place. What is not finished is removed with the object.
class CacheWriter
{
public:
    /// Takes all its room on the disk at once, so that a full disk is told before anything is decoded.
    static Expected<std::unique_ptr<CacheWriter>> create(const std::filesystem::path& folder,
                                                         const CacheKey& key);
    ~CacheWriter();
    CacheWriter(const CacheWriter&) = delete;
    CacheWriter& operator=(const CacheWriter&) = delete;

    /// Any thread, each index once. What is never put is zeros.
    Expected<void> put(std::int64_t index, std::span<const std::uint8_t> sample);
    /// Syncs, names and maps it. Call once, when no put() is under way.
    Expected<OpenedCache> finish(const CacheNotes& notes);

private:
    CacheWriter() = default;
    Expected<void> complete(const CacheNotes& notes);

    CacheKey m_key;
    std::filesystem::path m_file;
    std::filesystem::path m_temporary; ///< empty once it has its name
    int m_descriptor = -1;
    std::vector<std::uint32_t> m_sums;
};

} // namespace torchdesk
