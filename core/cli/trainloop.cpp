// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/trainloop.h"

#include "core/base/text.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace torchdesk::cli {

namespace {

using Clock = std::chrono::steady_clock;

/// Events are passed on at most this often: steps come a thousand times a second, eyes and pipes need 20.
constexpr std::chrono::milliseconds spacing{50};
/// The line is rewritten at least this often, for its clock.
constexpr int refreshMilliseconds = 200;

} // namespace

Wakeup::Wakeup() : m_descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Wakeup::~Wakeup()
{
    close(m_descriptor);
}

void Wakeup::signal() const noexcept
{
    const std::uint64_t one = 1;
    // A counter that is full has woken the reader already.
    [[maybe_unused]] const ssize_t written = write(m_descriptor, &one, sizeof one);
}

void Wakeup::clear() const noexcept
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t taken = read(m_descriptor, &count, sizeof count);
}

TrainLoop::TrainLoop(Session& session, TrainView& view, const Wakeup& wakeup, std::stop_token stop,
                     bool control)
    : m_session(session), m_view(view), m_wakeup(wakeup), m_stop(std::move(stop)), m_control(control),
      m_input(STDIN_FILENO)
{}

void TrainLoop::waitFor(int descriptor, int milliseconds)
{
    pollfd sources[] = {{descriptor, POLLIN, 0}, {m_control ? STDIN_FILENO : -1, POLLIN, 0}};
    poll(sources, 2, milliseconds);
    if (sources[1].revents)
        readCommands();
}

void TrainLoop::wait()
{
    waitFor(m_wakeup.descriptor(), refreshMilliseconds);
    for (;;) {
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(m_drained + spacing - Clock::now());
        if (rest.count() <= 0)
            break;
        waitFor(-1, static_cast<int>(rest.count()));
    }
    m_wakeup.clear();
}

void TrainLoop::readCommands()
{
    for (const std::string& line : m_input.read())
        postLine(line);
    // Who sends no more commands still wants the run.
    if (m_input.ended()) {
        m_control = false;
        m_session.post(Resume{}); // nobody could any more
    }
}

void TrainLoop::postLine(const std::string& line)
{
    constexpr int depth = 8;
    const auto json = parseJson(line, "The command", depth,
                                "Send one JSON object a line, such as {\"command\":\"pause\"}.");
    const auto command = json ? commandFromJson(*json) : Expected<torchdesk::Command>(failure(json));
    if (command)
        m_session.post(*command);
    else
        m_view.notice(
            fmt::format("{} The line was passed over: {}", command.error().message, shortened(line, 100)));
}

void TrainLoop::drain()
{
    m_drained = Clock::now();
    for (const Event& event : m_session.drain()) {
        if (const auto* finished = std::get_if<Finished>(&event))
            m_finished = *finished;
        else
            m_view.event(event);
    }
    if (m_stop.stop_requested() && !std::exchange(m_stopShown, true))
        m_view.stopping();
    m_view.refresh();
}

Finished TrainLoop::run()
{
    // Finished is shown when nothing more can come: notices about the last files stand before it.
    while (!m_session.finished()) {
        wait();
        drain();
    }
    drain();
    if (m_finished)
        return *m_finished;
    Finished lost;
    lost.outcome = Outcome::Failed;
    lost.message = "The run ended without saying how: its log.txt may tell more.";
    return lost;
}

} // namespace torchdesk::cli
