// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/callqueue.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace torchdesk {

/// One long-lived thread for what would block the window. Tasks run one after the other; of the tasks with
/// one key only the newest counts: an older one that waits is dropped, one that runs gets its stop token set
/// and its answer is thrown away. GUI thread only, except where said.
class Worker
{
public:
    using Task = std::function<void(std::stop_token)>;

    Worker();
    /// Stops what runs, drops what waits, joins. After it no answer is delivered any more.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// \p work runs on the thread, \p done gets its result in the thread that made the worker, unless a newer
    /// request with the same key came in between.
    template <class Work, class Done>
    void run(const std::string& key, Work work, Done done);

    /// Stops and drops the task with this key; its answer will not come.
    void cancel(const std::string& key);

private:
    struct Entry
    {
        std::string key;
        Task task;
        std::stop_source stop;
    };
    void post(Entry entry);
    void loop();
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Entry> m_waiting;
    std::map<std::string, std::stop_source> m_newest; ///< of each key, also when its answer is on its way
    bool m_quit = false;
    CallQueue m_answers;
    std::thread m_thread;
};

template <class Work, class Done>
void Worker::run(const std::string& key, Work work, Done done)
{
    Entry entry{key, {}, {}};
    auto sharedDone = std::make_shared<Done>(std::move(done));
    entry.task = [this, sharedWork = std::make_shared<Work>(std::move(work)),
                  sharedDone](std::stop_token stop) {
        using Result = decltype((*sharedWork)(stop));
        if constexpr (std::is_void_v<Result>) {
            (*sharedWork)(stop);
            m_answers.post([sharedDone, stop] {
                if (!stop.stop_requested())
                    (*sharedDone)();
            });
        } else {
            auto result = std::make_shared<Result>((*sharedWork)(stop));
            m_answers.post([sharedDone, result, stop] {
                if (!stop.stop_requested())
                    (*sharedDone)(std::move(*result));
            });
        }
    };
    post(std::move(entry));
}

} // namespace torchdesk
