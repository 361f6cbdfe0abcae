// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/threads.h"

namespace torchdesk::lane {

namespace {

/// Looks at a round about this often before sleeping: some 20 µs.
constexpr int mostLooks = 1000;

void relax()
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

} // namespace

void Barrier::wait()
{
    if (m_threads == 1)
        return;
    const std::uint32_t round = m_round.load(std::memory_order_acquire);
    if (m_arrived.fetch_add(1, std::memory_order_acq_rel) + 1 == m_threads) {
        m_arrived.store(0, std::memory_order_relaxed);
        m_round.store(round + 1, std::memory_order_release);
        m_round.notify_all();
        return;
    }
    for (int look = 0; look < mostLooks; ++look) {
        if (m_round.load(std::memory_order_acquire) != round)
            return;
        relax();
    }
    m_round.wait(round, std::memory_order_acquire);
}

Threads::Threads(int count) : m_count(count), m_barrier(count), m_gate(count)
{
    for (int thread = 1; thread < count; ++thread)
        m_threads.emplace_back([this, thread] { serve(thread); });
}

Threads::~Threads()
{
    m_work = nullptr;
    m_gate.wait();
    for (std::thread& thread : m_threads)
        thread.join();
}

void Threads::serve(int thread)
{
    for (;;) {
        m_gate.wait();
        if (!m_work)
            return;
        (*m_work)(thread);
        m_gate.wait();
    }
}

void Threads::run(const std::function<void(int)>& work)
{
    m_work = &work;
    m_gate.wait();
    work(0);
    m_gate.wait();
}

} // namespace torchdesk::lane
