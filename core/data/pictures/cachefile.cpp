// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/cachefile.h"

#include "core/data/pictures/cachefolder.h"
#include "core/formats/crc32c.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t headerSize = 4096;
constexpr std::uint32_t cacheVersion = 1;
constexpr char cacheMagic[8] = {'T', 'D', 'P', 'I', 'C', 'T', 'S', '\n'};
/// Of how many bytes the sums are checked when a file is opened.
constexpr std::int64_t mostChecked = std::int64_t{1} << 30;

/// The first bytes of the file; each field lies where it does on every machine that we know.
struct CacheHeader
{
    char magic[8];
    std::uint32_t version;
    std::uint32_t trailerSum;
    std::uint64_t count;
    std::uint64_t sampleBytes;
    std::uint64_t notesBytes;
    char key[64];
    std::uint32_t unused;
    std::uint32_t headerSum; ///< of all before it
};
static_assert(sizeof(CacheHeader) == 112 && sizeof(CacheHeader) <= headerSize);

std::uint32_t sumOf(const CacheHeader& header)
{
    return crc32c(std::as_bytes(std::span(&header, 1)).first(offsetof(CacheHeader, headerSum)));
}

CacheHeader headerFor(const CacheKey& key)
{
    CacheHeader header{};
    std::memcpy(header.magic, cacheMagic, sizeof header.magic);
    header.version = cacheVersion;
    header.count = static_cast<std::uint64_t>(key.count);
    header.sampleBytes = static_cast<std::uint64_t>(key.sampleBytes);
    key.name.copy(header.key, sizeof header.key);
    return header;
}

bool pwriteAll(int descriptor, std::span<const std::byte> bytes, std::uint64_t offset)
{
    while (!bytes.empty()) {
        const ssize_t done = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(done));
        offset += static_cast<std::uint64_t>(done);
    }
    return true;
}

bool preadAll(int descriptor, std::span<std::byte> bytes, std::uint64_t offset)
{
    while (!bytes.empty()) {
        const ssize_t done = ::pread(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(done));
        offset += static_cast<std::uint64_t>(done);
    }
    return true;
}

/// What stands before and after the pixels.
struct CacheFrame
{
    std::vector<std::uint32_t> sums;
    CacheNotes notes;
};

std::optional<CacheHeader> readCacheHeader(int descriptor, const CacheKey& key)
{
    CacheHeader header{};
    struct stat status
    {};
    if (!preadAll(descriptor, std::as_writable_bytes(std::span(&header, 1)), 0) ||
        fstat(descriptor, &status) != 0 || header.headerSum != sumOf(header))
        return std::nullopt;
    const CacheHeader wanted = headerFor(key);
    const bool ours = std::memcmp(header.magic, wanted.magic, sizeof wanted.magic) == 0 &&
                      header.version == wanted.version && header.count == wanted.count &&
                      header.sampleBytes == wanted.sampleBytes &&
                      std::memcmp(header.key, wanted.key, sizeof wanted.key) == 0;
    const std::uint64_t size = headerSize + key.pixelBytes() + header.count * sizeof(std::uint32_t);
    const auto length = static_cast<std::uint64_t>(status.st_size);
    if (!ours || length < size || length - size != header.notesBytes)
        return std::nullopt;
    return header;
}

std::optional<CacheFrame> readFrame(int descriptor, const CacheKey& key)
{
    const auto header = readCacheHeader(descriptor, key);
    if (!header)
        return std::nullopt;
    const std::size_t sumBytes = header->count * sizeof(std::uint32_t);
    std::vector<std::byte> trailer(sumBytes + header->notesBytes);
    if (!preadAll(descriptor, trailer, headerSize + key.pixelBytes()) ||
        crc32c(trailer) != header->trailerSum)
        return std::nullopt;
    CacheFrame frame;
    frame.sums.resize(header->count);
    std::memcpy(frame.sums.data(), trailer.data(), sumBytes);
    const std::string_view text(reinterpret_cast<const char*>(trailer.data()) + sumBytes, header->notesBytes);
    const auto notes = notesFrom(text, key.count);
    if (!notes)
        return std::nullopt;
    frame.notes = *notes;
    return frame;
}

bool pixelsHold(const MappedSamples& samples, const std::vector<std::uint32_t>& sums)
{
    const std::int64_t affordable = std::max<std::int64_t>(1, mostChecked / samples.sampleBytes());
    const std::int64_t step = (samples.count() + affordable - 1) / affordable;
    for (std::int64_t i = 0; i < samples.count(); i += step) {
        if (crc32c(std::as_bytes(samples.part(i, 1))) != sums[static_cast<std::size_t>(i)])
            return false;
    }
    return true;
}

std::atomic<int> temporaryNumber{0};

/// Makes a file of its own and locks it, which tells others that it is being made. One that a clean-up of
/// another process removed before it was locked is made again. -1 with errno.
int makeTemporary(const fs::path& folder, const std::string& name, fs::path& made)
{
    for (;;) {
        made = folder / fmt::format("{}.{}.{}{}", name, getpid(), temporaryNumber++, temporarySuffix);
        const int descriptor = ::open(made.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        struct stat status
        {};
        if (descriptor < 0)
            return -1;
        // Where the file system has no locks, the file is simply not protected.
        if (flock(descriptor, LOCK_EX) != 0 || fstat(descriptor, &status) != 0 || status.st_nlink > 0)
            return descriptor;
        ::close(descriptor);
    }
}

int allocate(int descriptor, off_t size)
{
    int problem = EINTR;
    while (problem == EINTR)
        problem = posix_fallocate(descriptor, 0, size);
    return problem;
}

tl::unexpected<Error> cannotKeep(int number, const fs::path& folder)
{
    return tl::unexpected(systemError(number, "Cannot keep the decoded pictures in", folder));
}

} // namespace

std::string cacheFileName(const CacheKey& key)
{
    return key.name + cacheSuffix;
}

std::optional<OpenedCache> openCacheFile(const fs::path& folder, const CacheKey& key)
{
    const fs::path file = folder / cacheFileName(key);
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return std::nullopt;
    // Where this fails it is being removed: what is open stays readable all the same.
    flock(descriptor, LOCK_SH | LOCK_NB);
    const auto frame = readFrame(descriptor, key);
    if (!frame) {
        ::close(descriptor);
        return std::nullopt;
    }
    futimens(descriptor, nullptr);
    const auto samples = MappedSamples::map(descriptor, file, headerSize, key.count, key.sampleBytes);
    if (!samples || !pixelsHold(**samples, frame->sums))
        return std::nullopt;
    return OpenedCache{*samples, frame->notes};
}

Expected<std::unique_ptr<CacheWriter>> CacheWriter::create(const fs::path& folder, const CacheKey& key)
{
    std::unique_ptr<CacheWriter> writer(new CacheWriter);
    writer->m_key = key;
    writer->m_file = folder / cacheFileName(key);
    writer->m_descriptor = makeTemporary(folder, key.name, writer->m_temporary);
    if (writer->m_descriptor < 0)
        return cannotKeep(errno, folder);
    const auto size = static_cast<off_t>(headerSize + key.pixelBytes());
    if (const int problem = allocate(writer->m_descriptor, size))
        return cannotKeep(problem, folder);
    writer->m_sums.assign(static_cast<std::size_t>(key.count),
                          crc32c(std::vector<std::byte>(static_cast<std::size_t>(key.sampleBytes))));
    return writer;
}

CacheWriter::~CacheWriter()
{
    if (m_descriptor >= 0 && !m_temporary.empty())
        ::unlink(m_temporary.c_str());
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Expected<void> CacheWriter::put(std::int64_t index, std::span<const std::uint8_t> sample)
{
    m_sums[static_cast<std::size_t>(index)] = crc32c(std::as_bytes(sample));
    const auto offset = static_cast<std::uint64_t>(index) * static_cast<std::uint64_t>(m_key.sampleBytes);
    if (!pwriteAll(m_descriptor, std::as_bytes(sample), headerSize + offset))
        return cannotKeep(errno, m_file.parent_path());
    return {};
}

Expected<void> CacheWriter::complete(const CacheNotes& notes)
{
    const std::string text = notesText(notes);
    std::vector<std::byte> trailer(m_sums.size() * sizeof(std::uint32_t) + text.size());
    std::memcpy(trailer.data(), m_sums.data(), trailer.size() - text.size());
    std::memcpy(trailer.data() + trailer.size() - text.size(), text.data(), text.size());
    CacheHeader header = headerFor(m_key);
    header.notesBytes = text.size();
    header.trailerSum = crc32c(trailer);
    header.headerSum = sumOf(header);
    const bool written = pwriteAll(m_descriptor, trailer, headerSize + m_key.pixelBytes()) &&
                         pwriteAll(m_descriptor, std::as_bytes(std::span(&header, 1)), 0) &&
                         fsync(m_descriptor) == 0 && ::rename(m_temporary.c_str(), m_file.c_str()) == 0;
    if (!written)
        return cannotKeep(errno, m_file.parent_path());
    m_temporary.clear();
    return syncFolder(m_file.parent_path());
}

Expected<OpenedCache> CacheWriter::finish(const CacheNotes& notes)
{
    if (auto completed = complete(notes); !completed)
        return failure(completed);
    flock(m_descriptor, LOCK_SH);
    auto samples = MappedSamples::map(std::exchange(m_descriptor, -1), m_file, headerSize, m_key.count,
                                      m_key.sampleBytes);
    if (!samples)
        return failure(samples);
    return OpenedCache{*samples, notes};
}

} // namespace torchdesk
