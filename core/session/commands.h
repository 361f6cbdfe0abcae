// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

#include <string>
#include <variant>

namespace torchdesk {

struct Start
{
    bool operator==(const Start&) const = default;
};
struct Pause
{
    bool operator==(const Pause&) const = default;
};
struct Resume
{
    bool operator==(const Resume&) const = default;
};
struct Stop
{
    enum class When
    {
        Now,
        AfterEpoch
    };
    When when = When::Now;
    bool operator==(const Stop&) const = default;
};
/// Changes a live option (Option::live) from the next step on.
struct Change
{
    std::string id; ///< "learning_rate"
    double value = 0;
    bool operator==(const Change&) const = default;
};
/// Asks for a SnapshotReady after the current step.
struct TakeSnapshot
{
    bool operator==(const TakeSnapshot&) const = default;
};

using Command = std::variant<Start, Pause, Resume, Stop, Change, TakeSnapshot>;

/// {"command":"stop","when":"after_epoch"} and back: what `train --control` reads, a line each. The names are
/// start, pause, resume, stop (when: now, which may be left out, or after_epoch), change (id, value) and
/// snapshot. Unknown keys and wrong types are errors. Never throws; any thread.
Json toJson(const Command& command);
Expected<Command> commandFromJson(const Json& json);

} // namespace torchdesk
