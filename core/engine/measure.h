// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

namespace torchdesk {

/// Real steps on a training of its own, timed. May throw c10::Error.
Expected<Measurement> measureJob(const TrainingJob& job, std::stop_token stop);

} // namespace torchdesk
