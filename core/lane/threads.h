// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace torchdesk::lane {

/// Where threads wait for each other, again and again. Spins for a few microseconds, as long as a step's
/// parts differ, then sleeps: on a busy machine a thread that waits must not take the core from the one that
/// works.
class Barrier
{
public:
    explicit Barrier(int threads) : m_threads(threads) {}
    void wait();

private:
    const int m_threads;
    std::atomic<int> m_arrived{0};
    std::atomic<std::uint32_t> m_round{0};
};

/// Long-lived threads that do one piece of work together. Belongs to one thread, which is the first of them.
class Threads
{
public:
    explicit Threads(int count);
    ~Threads();
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;

    int count() const { return m_count; }
    /// Calls \p work(thread) on each thread, thread 0 being the caller; returns when all have done it. \p
    /// work must not throw.
    void run(const std::function<void(int)>& work);
    /// Within run(), for all of its threads.
    void wait() { m_barrier.wait(); }

private:
    void serve(int thread);

    int m_count;
    Barrier m_barrier;
    Barrier m_gate;                                   ///< begin and end of a piece of work
    const std::function<void(int)>* m_work = nullptr; ///< null: the threads end
    std::vector<std::thread> m_threads;
};

} // namespace torchdesk::lane
