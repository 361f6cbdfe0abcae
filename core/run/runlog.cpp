// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/runlog.h"

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/text.h"

namespace torchdesk {

namespace {

constexpr std::size_t mostLinesWaiting = 10'000;

} // namespace

Expected<void> RunLog::create(const std::filesystem::path& file)
{
    const std::lock_guard lock(m_mutex);
    m_file = file;
    if (const int problem = m_out.create(file); problem != 0)
        return tl::unexpected(systemError(problem, "Cannot write", file));
    return {};
}

void RunLog::add(const std::string& line)
{
    const std::lock_guard lock(m_mutex);
    m_waiting.push_back(isoTime(wallSeconds()) + " " + shortened(line, 4000) + "\n");
    if (m_waiting.size() > mostLinesWaiting)
        m_waiting.pop_front();
}

Expected<void> RunLog::flush()
{
    const std::lock_guard lock(m_mutex);
    while (!m_waiting.empty()) {
        if (const int problem = m_out.append(m_waiting.front()); problem != 0)
            return tl::unexpected(systemError(problem, "Cannot write", m_file));
        m_waiting.pop_front();
    }
    return {};
}

} // namespace torchdesk
