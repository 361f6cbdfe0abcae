// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/cachefile.h"
#include "core/data/pictures/picturecache.h"

#include <atomic>
#include <mutex>

namespace torchdesk {

/// One making of a cache file from samples that need no decoding, on several threads. Used once.
class SampleFill
{
public:
    SampleFill(CacheWriter& writer, const MakeSample& make, std::int64_t count)
        : m_writer(writer), m_make(make), m_count(count)
    {}

    /// Blocks; progress comes from the calling thread, which works too.
    Expected<CacheNotes> run(int threads, const Progress& progress, std::stop_token stop);

private:
    void work(const Progress& progress, const std::stop_token& stop);
    void fail(const Error& error);

    CacheWriter& m_writer;
    const MakeSample& m_make;
    const std::int64_t m_count;
    std::atomic<std::int64_t> m_next{0};
    std::mutex m_mutex; ///< guards what follows
    std::optional<Error> m_error;
};

} // namespace torchdesk
