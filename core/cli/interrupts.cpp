// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/interrupts.h"

#include <csignal>
#include <unistd.h>

namespace torchdesk::cli {

namespace {

bool isIgnored(int signal)
{
    struct sigaction action
    {};
    return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// SIGUSR2 is how the destructor wakes the waiting thread.
sigset_t waitedSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGUSR2);
    if (!isIgnored(SIGHUP))
        sigaddset(&set, SIGHUP);
    return set;
}

} // namespace

Interrupts::Interrupts()
{
    std::signal(SIGPIPE, SIG_IGN);
    const sigset_t set = waitedSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_thread = std::thread([this] { wait(); });
}

Interrupts::~Interrupts()
{
    m_done = true;
    pthread_kill(m_thread.native_handle(), SIGUSR2);
    m_thread.join();
}

void Interrupts::wait()
{
    const sigset_t set = waitedSignals();
    for (;;) {
        int signal = 0;
        if (sigwait(&set, &signal) != 0 || signal == SIGUSR2) {
            if (m_done)
                return;
        } else if (m_source.stop_requested() && signal == SIGINT) {
            _exit(128 + SIGINT);
        } else {
            // A terminal that closes sends SIGHUP twice (kernel and shell): only Ctrl-C counts as impatience.
            m_source.request_stop();
        }
    }
}

} // namespace torchdesk::cli
