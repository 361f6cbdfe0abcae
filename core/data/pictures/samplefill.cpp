// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/samplefill.h"

#include <chrono>
#include <new>
#include <system_error>
#include <thread>

namespace torchdesk {

namespace {

constexpr auto tellEvery = std::chrono::milliseconds(100);

} // namespace

Expected<CacheNotes> SampleFill::run(int threads, const Progress& progress, std::stop_token stop)
{
    if (progress)
        progress(0, "scaling pictures");
    {
        std::vector<std::jthread> others;
        try {
            for (int i = 1; i < threads; ++i)
                others.emplace_back([this, &stop] { work({}, stop); });
        } catch (const std::system_error&) {
            // Fewer threads do it too.
        }
        work(progress, stop);
    }
    if (m_error)
        return tl::unexpected(*m_error);
    if (stop.stop_requested())
        return failure(ErrorKind::Cancelled, "Scaling the pictures was stopped.");
    return CacheNotes{};
}

void SampleFill::work(const Progress& progress, const std::stop_token& stop)
{
    auto told = std::chrono::steady_clock::now();
    try {
        while (!stop.stop_requested()) {
            const std::int64_t index = m_next++;
            if (index >= m_count)
                return;
            const auto now = std::chrono::steady_clock::now();
            if (progress && now - told >= tellEvery) {
                progress(static_cast<double>(index) / static_cast<double>(m_count), "scaling pictures");
                told = now;
            }
            if (const auto put = m_writer.put(index, m_make(index)); !put)
                fail(put.error());
        }
    } catch (const std::bad_alloc&) {
        fail({ErrorKind::OutOfMemory, "No memory is left to scale the pictures. Close other programs.", {}});
    }
}

/// The others find nothing more to do.
void SampleFill::fail(const Error& error)
{
    m_next = m_count;
    const std::lock_guard lock(m_mutex);
    if (!m_error)
        m_error = error;
}

} // namespace torchdesk
