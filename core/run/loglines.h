// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/events.h"

namespace torchdesk {

/// What an event is in log.txt: one readable line, or an empty text for events that are no news (steps,
/// snapshots).
std::string logLine(const Event& event);

} // namespace torchdesk
