// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/unixsignals.h"

#include <QSocketNotifier>
#include <csignal>
#include <sys/signalfd.h>
#include <unistd.h>

namespace torchdesk {

namespace {

sigset_t endingSignals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction action
        {};
        // nohup has SIGHUP ignored, and that stays so.
        if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(&set, signal);
    }
    return set;
}

} // namespace

void UnixSignals::block()
{
    const sigset_t set = endingSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

UnixSignals::UnixSignals(QObject* parent) : QObject(parent)
{
    const sigset_t set = endingSignals();
    m_descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (m_descriptor < 0)
        return;
    auto* notifier = new QSocketNotifier(m_descriptor, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        signalfd_siginfo taken{};
        while (::read(m_descriptor, &taken, sizeof taken) == sizeof taken)
            Q_EMIT arrived();
    });
}

UnixSignals::~UnixSignals()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace torchdesk
