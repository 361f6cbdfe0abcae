// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/checkpointwriter.h"

#include "core/run/checkpoint.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace torchdesk {

namespace {

using Shared = std::shared_ptr<const Snapshot>;

Expected<void> save(const std::filesystem::path& run, const Snapshot& snapshot)
{
    try {
        if (auto written = writeCheckpoint(run, snapshot); !written)
            return failure(written);
        removeOldCheckpoints(run);
        return {};
    } catch (const std::bad_alloc&) {
        return failure(ErrorKind::OutOfMemory,
                       "The weights could not be saved: the memory is full. Close other programs.");
    } catch (const std::exception& problem) {
        return failure(ErrorKind::Internal, "The weights could not be saved. Please report this.",
                       problem.what());
    }
}

} // namespace

struct CheckpointWriter::Impl
{
    std::filesystem::path run;
    Problem problem;
    Recovered recovered;

    std::mutex mutex;
    std::condition_variable changed;
    Shared best;      ///< waits; may be the same as last
    Shared last;      ///< waits
    bool due = false; ///< something waits that was not tried since
    bool busy = false;
    bool ending = false;
    std::optional<Error> error; ///< of the last try
    std::thread thread;

    void work()
    {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [this] { return due || ending; });
            if (!due)
                return;
            due = false;
            busy = true;
            writeWaiting(lock);
            busy = false;
            changed.notify_all();
        }
    }

    /// The best first: where only one fits, it is the one that must not be lost.
    void writeWaiting(std::unique_lock<std::mutex>& lock)
    {
        while (const Shared next = best ? best : last) {
            lock.unlock();
            const auto saved = save(run, *next);
            lock.lock();
            if (!saved) {
                note(saved.error(), lock);
                return;
            }
            // Newer ones may have come meanwhile: only what was written no longer waits.
            if (best == next)
                best.reset();
            if (last == next)
                last.reset();
        }
        due = false;
        if (error) {
            error.reset();
            tell(lock, [this] { recovered ? recovered() : void(); });
        }
    }

    void note(const Error& found, std::unique_lock<std::mutex>& lock)
    {
        const bool first = !error;
        error = found;
        if (first)
            tell(lock, [&] { problem ? problem(found) : void(); });
    }

    template <class Call>
    static void tell(std::unique_lock<std::mutex>& lock, Call call)
    {
        lock.unlock();
        call();
        lock.lock();
    }
};

CheckpointWriter::CheckpointWriter(std::filesystem::path run, Problem problem, Recovered recovered)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->run = std::move(run);
    m_impl->problem = std::move(problem);
    m_impl->recovered = std::move(recovered);
    m_impl->thread = std::thread([impl = m_impl.get()] { impl->work(); });
}

CheckpointWriter::~CheckpointWriter()
{
    (void)flush();
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->ending = true;
    }
    m_impl->changed.notify_all();
    m_impl->thread.join();
}

void CheckpointWriter::discard()
{
    std::unique_lock lock(m_impl->mutex);
    m_impl->changed.wait(lock, [this] { return !m_impl->busy; });
    m_impl->best.reset();
    m_impl->last.reset();
    m_impl->due = false;
}

void CheckpointWriter::write(std::shared_ptr<const Snapshot> snapshot)
{
    {
        const std::lock_guard lock(m_impl->mutex);
        if (snapshot->best)
            m_impl->best = snapshot;
        m_impl->last = std::move(snapshot);
        m_impl->due = true;
    }
    m_impl->changed.notify_all();
}

Expected<void> CheckpointWriter::flush()
{
    std::unique_lock lock(m_impl->mutex);
    if (m_impl->best || m_impl->last)
        m_impl->due = true;
    m_impl->changed.notify_all();
    m_impl->changed.wait(lock, [this] { return !m_impl->due && !m_impl->busy; });
    if (m_impl->error && (m_impl->best || m_impl->last))
        return tl::unexpected(*m_impl->error);
    return {};
}

} // namespace torchdesk
