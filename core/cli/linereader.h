// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace torchdesk::cli {

/// Lines from a descriptor as they come. A line over 64 kB is cut there, so that a reader's memory is
/// bounded.
class LineReader
{
public:
    static constexpr std::size_t longest = 64 << 10;

    explicit LineReader(int descriptor) : m_descriptor(descriptor) {}
    /// Reads what is there: call when poll says that there is something. Gives the lines that are complete,
    /// and the rest as one more at the end of the input. Empty lines are passed over.
    std::vector<std::string> read();
    bool ended() const { return m_ended; }

private:
    void take(char character, std::vector<std::string>& lines);

    int m_descriptor;
    bool m_ended = false;
    std::string m_line;
};

} // namespace torchdesk::cli
