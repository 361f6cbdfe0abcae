// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

#include <stop_token>
#include <string>
#include <string_view>

namespace torchdesk::cli {

enum ExitCode
{
    exitSuccess = 0,
    exitFailed = 1,
    exitWrongUse = 2
};

/// Standard output and standard error. A reader that has gone away never ends the program: what follows is
/// dropped. One thread at a time.
class Output
{
public:
    /// \p stop: once it is set, a reader that does not read for five seconds counts as gone.
    explicit Output(std::stop_token stop = {});

    /// To standard output, at once.
    void write(std::string_view text);
    void line(std::string_view text);
    /// One object on one line.
    void json(const Json& value);
    /// "torchdesk-cli: <sentence>" on standard error.
    void problem(std::string_view sentence);

    /// A terminal that can rewrite a line.
    bool terminal() const { return m_terminal; }
    /// Columns of that terminal now; 100 for a pipe.
    int width() const;
    /// Text in bold or faint print where the terminal has it (and NO_COLOR is not set).
    std::string strong(std::string_view text) const { return styled(text, "\x1b[1m"); }
    std::string faint(std::string_view text) const { return styled(text, "\x1b[2m"); }
    /// Standard output took everything, or its reader left (which is the reader's own affair).
    bool good() const { return m_problem.empty(); }
    const std::string& whyBad() const { return m_problem; }

private:
    std::string styled(std::string_view text, const char* code) const;
    bool waitForReader() const;

    std::stop_token m_stop;
    bool m_terminal = false;
    bool m_styles = false;
    bool m_closed = false;
    std::string m_problem;
};

/// Columns that UTF-8 text takes on a terminal; wide East Asian characters take two.
int displayWidth(std::string_view text);
/// Filled with blanks to \p width columns, text at the left or at the right.
std::string padRight(std::string_view text, int width);
std::string padLeft(std::string_view text, int width);
/// Cut to \p width columns, with "…" where something was cut.
std::string fitted(std::string_view text, int width);
/// Lines of at most \p width columns broken at blanks; every line after the first begins with \p indent
/// blanks.
std::string wrapped(std::string_view text, int width, int indent = 0);

} // namespace torchdesk::cli
