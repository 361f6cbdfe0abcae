// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cli/linereader.h"

#include "core/base/text.h"

#include <cerrno>
#include <unistd.h>

namespace torchdesk::cli {

void LineReader::take(char character, std::vector<std::string>& lines)
{
    if (character != '\n') {
        if (m_line.size() < longest)
            m_line += character;
        return;
    }
    if (std::string line = trimmed(m_line); !line.empty())
        lines.push_back(std::move(line));
    m_line.clear();
}

std::vector<std::string> LineReader::read()
{
    std::vector<std::string> lines;
    char buffer[4096];
    const ssize_t count = ::read(m_descriptor, buffer, sizeof buffer);
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return lines;
    for (ssize_t i = 0; i < count; ++i)
        take(buffer[i], lines);
    if (count <= 0) {
        take('\n', lines);
        m_ended = true;
    }
    return lines;
}

} // namespace torchdesk::cli
