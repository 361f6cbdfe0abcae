// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/scalarlog.h"

namespace torchdesk {

namespace {

// Some 100 MB; the figures of each epoch are in run.json whatever happens.
constexpr std::size_t mostPointsWaiting = 1'500'000;

} // namespace

void ScalarLog::add(ScalarPoint point)
{
    if (m_writer)
        m_writer->add(point);
    else if (m_waiting.size() < mostPointsWaiting)
        m_waiting.push_back(std::move(point));
}

Expected<void> ScalarLog::flush()
{
    if (!m_writer && !m_waiting.empty()) {
        auto made = EventFileWriter::create(m_folder);
        if (!made)
            return failure(made);
        m_writer.emplace(std::move(*made));
        for (const ScalarPoint& point : m_waiting)
            m_writer->add(point);
        m_waiting = {};
    }
    return m_writer ? m_writer->flush() : Expected<void>();
}

} // namespace torchdesk
