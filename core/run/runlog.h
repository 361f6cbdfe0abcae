// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/formats/appendfile.h"

#include <deque>
#include <mutex>
#include <string>

namespace torchdesk {

/// log.txt of a run: "2026-11-23T14:12:05Z Epoch 1: …". Lines that a full disk refused wait for the next
/// flush. Any thread.
class RunLog
{
public:
    Expected<void> create(const std::filesystem::path& file);
    void add(const std::string& line);
    Expected<void> flush();

private:
    std::mutex m_mutex;
    std::filesystem::path m_file;
    AppendFile m_out;
    std::deque<std::string> m_waiting;
};

} // namespace torchdesk
