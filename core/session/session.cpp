// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/run/recorder.h"
#include "core/session/clientqueue.h"
#include "core/session/eventring.h"
#include "core/session/runorigin.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace torchdesk {

struct Session::Impl
{
    Impl(std::shared_ptr<Engine> theEngine, Wake theWake)
        : engine(std::move(theEngine)), wake(std::move(theWake))
    {}

    void run() noexcept;
    void pump();
    void abandon(const char* reason) noexcept;
    void take(Event event);
    void finish(Finished last);
    void tellOfData();
    void tell(Event event);

    std::shared_ptr<Engine> engine; // outlives its trainer
    Wake wake;
    std::vector<DataNotice> ofData; ///< told once, behind Started
    std::shared_ptr<EventRing> ring = std::make_shared<EventRing>();
    std::unique_ptr<Trainer> trainer;
    std::filesystem::path folder;
    mutable std::mutex mutex; // guards what follows
    ClientQueue queue{clientLimit};
    bool done = false;
    std::atomic<bool> ending = false;  ///< the last files are being written
    std::atomic<bool> stopped = false; ///< a stop at once was asked for
    std::atomic<bool> giveUp = false;  ///< asked again: a disk that is full is waited for no longer
    std::condition_variable whenDone;
    std::unique_ptr<RunRecorder> recorder; ///< its notices go into the queue: it must be gone first
    std::thread thread;
};

/// The session's thread, and the one catch on it.
void Session::Impl::run() noexcept
{
    try {
        pump();
    } catch (const std::bad_alloc&) {
        abandon("The run could not be recorded further: the memory is full. Close other programs");
    } catch (const std::exception& problem) {
        logError(problem.what());
        abandon("The run could not be recorded further. Please report this, with the log");
    }
}

/// The trainer is stopped, and what it still says passed over, so that it does not wait for us for ever.
void Session::Impl::abandon(const char* reason) noexcept
{
    trainer->post(Stop{Stop::When::Now});
    ring->close();
    try {
        Finished failed;
        failed.outcome = Outcome::Failed;
        failed.message = reason;
        return finish(std::move(failed));
    } catch (const std::exception&) {
        // Not even that much memory is left: finished() without an event says enough.
    }
    {
        const std::lock_guard lock(mutex);
        done = true;
    }
    whenDone.notify_all();
    if (wake)
        wake();
}

/// Everything is recorded before the client hears of it. Without events the recorder looks at its clock.
void Session::Impl::pump()
{
    constexpr auto quiet = std::chrono::milliseconds(500);
    for (;;) {
        std::vector<Event> events = ring->take(quiet);
        if (events.empty())
            recorder->tick();
        for (Event& event : events) {
            if (const auto* last = std::get_if<Finished>(&event))
                return finish(*last);
            take(std::move(event));
            tellOfData();
        }
    }
}

void Session::Impl::take(Event event)
{
    recorder->record(event);
    tell(std::move(event));
}

/// What is to be known of the data belongs into the run's log too: left-out files, copies.
void Session::Impl::tellOfData()
{
    for (DataNotice& notice : std::exchange(ofData, {}))
        take(Notice{notice.warning ? Notice::Severity::Warning : Notice::Severity::Information,
                    std::move(notice.message)});
}

/// The client gets Finished when the files are complete, and then finds finished() true. A run whose weights
/// could not be written has failed, however well it was trained.
void Session::Impl::finish(Finished last)
{
    ending = true;
    recorder->record(last);
    if (const auto closed = recorder->close([this] { return giveUp.load(); }); !closed) {
        last.outcome = Outcome::Failed;
        last.message = closed.error().message;
    }
    bool first = false;
    {
        const std::lock_guard lock(mutex);
        first = queue.add(last);
        done = true;
    }
    whenDone.notify_all();
    if (first && wake)
        wake();
}

void Session::Impl::tell(Event event)
{
    bool first = false;
    {
        const std::lock_guard lock(mutex);
        first = queue.add(std::move(event));
    }
    if (first && wake)
        wake();
}

Expected<std::unique_ptr<Session>> Session::start(std::shared_ptr<Engine> engine, TrainingJob job,
                                                  const std::filesystem::path& runs, Wake wake)
try {
    RunRecord record = originOf(job, engine->info());
    const RunModel model{job.model, job.data.description.classes, job.preprocessing};
    auto impl = std::make_unique<Impl>(std::move(engine), std::move(wake));

    impl->ofData = job.data.notices;
    // The trainer comes first and waits: where it cannot be made, no folder is left behind.
    auto trainer = impl->engine->createTrainer(std::move(job), impl->ring);
    if (!trainer)
        return failure(trainer);
    record.startedAt = wallSeconds();
    auto recorder =
        RunRecorder::create(runs, std::move(record), model,
                            [session = impl.get()](const Notice& notice) { session->tell(notice); });
    if (!recorder)
        return failure(recorder);

    impl->trainer = std::move(*trainer);
    impl->recorder = std::move(*recorder);
    impl->folder = impl->recorder->folder();
    impl->thread = std::thread([session = impl.get()] { session->run(); });
    impl->trainer->post(Start{});
    return std::unique_ptr<Session>(new Session(std::move(impl)));
} catch (const std::exception& problem) {
    return failure(ErrorKind::OutOfMemory,
                   "The run could not be started: memory or threads are used up. Close other programs",
                   problem.what());
}

Session::Session(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Session::~Session()
{
    if (!finished()) {
        m_impl->giveUp = true; // nobody waits for a full disk any more
        m_impl->trainer->post(Stop{Stop::When::Now});
    }
    m_impl->thread.join();
    m_impl->ring->close(); // a trainer that still has something to say does not wait for us
    m_impl->trainer.reset();
}

void Session::post(const Command& command) noexcept
{
    const auto* stop = std::get_if<Stop>(&command);
    const bool again = stop && stop->when == Stop::When::Now && m_impl->stopped.exchange(true);
    if (again || (stop && m_impl->ending))
        m_impl->giveUp = true;
    m_impl->trainer->post(command);
}

std::vector<Event> Session::drain()
{
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->queue.take();
}

bool Session::finished() const noexcept
{
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->done;
}

bool Session::waitFor(std::chrono::milliseconds time)
{
    std::unique_lock lock(m_impl->mutex);
    return m_impl->whenDone.wait_for(lock, time, [this] { return m_impl->done; });
}

const std::filesystem::path& Session::folder() const noexcept
{
    return m_impl->folder;
}

} // namespace torchdesk
