// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/eventfile.h"

#include <optional>

namespace torchdesk {

/// An event file that is made with its first point, so that a run without validation has no empty one; where
/// it cannot be made yet, the points wait. One thread at a time.
class ScalarLog
{
public:
    explicit ScalarLog(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    void add(ScalarPoint point);
    Expected<void> flush();

private:
    std::filesystem::path m_folder;
    std::optional<EventFileWriter> m_writer;
    std::vector<ScalarPoint> m_waiting;
};

} // namespace torchdesk
