// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/trainingsetup.h"
#include "core/session/events.h"

namespace torchdesk {

/// A copy of weights and optimizer as they are now. Waits for the device.
std::shared_ptr<const Snapshot> takeSnapshot(const TrainingSetup& setup, std::int64_t epoch,
                                             std::int64_t step, bool best);

} // namespace torchdesk
