// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/unixsignals.h"

#include <QSocketNotifier>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace torchdesk {

namespace {

volatile sig_atomic_t writingEnd = -1;

/// All that a handler may do: one byte into the pipe, which the event loop reads.
extern "C" void tellOfSignal(int)
{
    const int kept = errno;
    const char byte = 0;
    const int pipe = writingEnd;
    if (pipe >= 0)
        (void)!::write(pipe, &byte, 1);
    errno = kept;
}

} // namespace

UnixSignals::UnixSignals(QObject* parent) : QObject(parent)
{
    if (::pipe2(m_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    writingEnd = m_pipe[1];
    auto* notifier = new QSocketNotifier(m_pipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        char taken = 0;
        while (::read(m_pipe[0], &taken, 1) == 1)
            Q_EMIT arrived();
    });
    for (std::size_t i = 0; i < signalNumbers.size(); ++i)
        take(i);
}

// A handler, unlike a signal that is blocked, is not inherited by the programs that the window starts.
void UnixSignals::take(std::size_t i)
{
    sigaction(signalNumbers[i], nullptr, &m_before[i]);
    if (m_before[i].sa_handler == SIG_IGN) // nohup has SIGHUP ignored, and that stays so
        return;
    struct sigaction ours
    {};
    ours.sa_handler = tellOfSignal;
    ours.sa_flags = SA_RESTART;
    sigaction(signalNumbers[i], &ours, nullptr);
}

UnixSignals::~UnixSignals()
{
    if (m_pipe[0] < 0)
        return;
    for (std::size_t i = 0; i < signalNumbers.size(); ++i)
        sigaction(signalNumbers[i], &m_before[i], nullptr);
    writingEnd = -1;
    for (const int end : m_pipe)
        ::close(end);
}

} // namespace torchdesk
