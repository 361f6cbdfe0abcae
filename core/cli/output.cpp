// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/output.h"

#include "core/base/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace torchdesk::cli {

namespace {

/// A pipe that polls as writable takes this much without blocking (PIPE_BUF).
constexpr std::size_t pieceBytes = 4096;

bool environmentHas(const char* name)
{
    const char* value = std::getenv(name);
    return value && *value;
}

bool dumbTerminal()
{
    const char* kind = std::getenv("TERM");
    return !kind || !*kind || std::strcmp(kind, "dumb") == 0;
}

} // namespace

Output::Output(std::stop_token stop) : m_stop(std::move(stop))
{
    m_terminal = isatty(STDOUT_FILENO) == 1 && !dumbTerminal();
    m_styles = m_terminal && !environmentHas("NO_COLOR");
}

bool Output::waitForReader() const
{
    for (int idle = 0; !(m_stop.stop_requested() && idle >= 25); idle += m_stop.stop_requested()) {
        pollfd wanted{STDOUT_FILENO, POLLOUT, 0};
        if (poll(&wanted, 1, 200) > 0)
            return true;
    }
    return false;
}

void Output::write(std::string_view text)
{
    while (!text.empty() && !m_closed) {
        if (!waitForReader()) {
            m_closed = true;
            return;
        }
        const ssize_t done = ::write(STDOUT_FILENO, text.data(), std::min(text.size(), pieceBytes));
        if (done >= 0) {
            text.remove_prefix(static_cast<std::size_t>(done));
        } else if (errno != EINTR && errno != EAGAIN) {
            m_closed = true;
            // A reader that left (a pipe, a terminal window that was closed) is no fault.
            if (errno != EPIPE && errno != EIO && errno != EBADF)
                m_problem = "standard output cannot be written: " + systemReason(errno);
        }
    }
}

void Output::line(std::string_view text)
{
    write(std::string(text) + '\n');
}

void Output::json(const Json& value)
{
    line(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void Output::problem(std::string_view sentence)
{
    const std::string text = "torchdesk-cli: " + std::string(sentence) + '\n';
    // Nothing can be told where standard error is closed, too.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

int Output::width() const
{
    winsize size{};
    if (m_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return std::max<int>(size.ws_col, 20);
    return m_terminal ? 80 : 100;
}

std::string Output::styled(std::string_view text, const char* code) const
{
    return m_styles ? code + std::string(text) + "\x1b[0m" : std::string(text);
}

} // namespace torchdesk::cli
