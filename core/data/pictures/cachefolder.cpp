// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/cachefolder.h"

#include "core/base/files.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr double defaultGigabytes = 20;
constexpr double mostGigabytes = 1e6;

struct CacheEntry
{
    fs::path file;
    std::uint64_t bytes = 0;
    fs::file_time_type used;
};

std::vector<CacheEntry> entriesOf(const fs::path& folder, const char* suffix)
{
    std::vector<CacheEntry> entries;
    std::error_code problem;
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
        std::error_code ignored;
        if (it->path().extension() != suffix || !it->is_regular_file(ignored))
            continue;
        entries.push_back({it->path(), it->file_size(ignored), it->last_write_time(ignored)});
    }
    std::sort(entries.begin(), entries.end(),
              [](const CacheEntry& a, const CacheEntry& b) { return a.used < b.used; });
    return entries;
}

/// Removes a file that nobody uses; false where somebody does.
bool removeUnused(const fs::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool unused = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    const bool removed = unused && ::unlink(file.c_str()) == 0;
    ::close(descriptor);
    return removed;
}

} // namespace

Expected<std::uint64_t> cacheLimit()
{
    const char* set = std::getenv("TORCHDESK_CACHE_GB");
    const auto gigabytes = set && *set ? toReal(set) : std::optional(defaultGigabytes);
    if (!gigabytes || !(*gigabytes > 0) || !(*gigabytes <= mostGigabytes))
        return failure(ErrorKind::InvalidInput,
                       fmt::format("TORCHDESK_CACHE_GB is \"{}\", a number of gigabytes above 0 was wanted. "
                                   "Correct it, or leave it unset for {}.",
                                   shortened(set ? set : "", 40), toText(defaultGigabytes)));
    return static_cast<std::uint64_t>(*gigabytes * 1e9);
}

Expected<void> makeRoom(const fs::path& folder, std::uint64_t needed, std::uint64_t limit)
{
    if (needed > limit)
        return failure(ErrorKind::DiskFull,
                       fmt::format("The pictures in this size take {}, the cache may have {}. Set "
                                   "TORCHDESK_CACHE_GB to {} or more, or choose a smaller size of picture.",
                                   byteSize(needed), byteSize(limit),
                                   static_cast<std::int64_t>(std::ceil(static_cast<double>(needed) / 1e9))));
    for (const CacheEntry& left : entriesOf(folder, temporarySuffix))
        removeUnused(left.file);
    const std::vector<CacheEntry> entries = entriesOf(folder, cacheSuffix);
    std::uint64_t total = needed;
    for (const CacheEntry& entry : entries)
        total += entry.bytes;
    for (const CacheEntry& entry : entries) {
        if (total <= limit)
            break;
        if (removeUnused(entry.file))
            total -= entry.bytes;
    }
    return {};
}

} // namespace torchdesk
