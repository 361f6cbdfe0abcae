// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/writetrouble.h"

#include <fmt/format.h>

namespace torchdesk {

namespace {

Notice warning(const Error& error)
{
    const char* what = error.kind == ErrorKind::DiskFull ? "The disk is full" : "The run cannot be saved";
    return {Notice::Severity::Warning,
            fmt::format("{}: the training goes on in memory, and what is not saved yet is tried again. {}",
                        what, error.message)};
}

} // namespace

void WriteTrouble::note(const std::string& part, const Expected<void>& result)
{
    std::optional<Notice> notice;
    {
        const std::lock_guard lock(m_mutex);
        const bool before = !m_failing.empty();
        if (result)
            m_failing.erase(part);
        else
            m_failing.insert(part);
        if (!before && !m_failing.empty())
            notice = warning(result.error());
        else if (before && m_failing.empty())
            notice =
                Notice{Notice::Severity::Information, "The run can be saved again: everything is on disk."};
    }
    if (notice)
        m_say(*notice);
}

bool WriteTrouble::any() const
{
    const std::lock_guard lock(m_mutex);
    return !m_failing.empty();
}

} // namespace torchdesk
