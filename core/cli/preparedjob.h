// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/session/engine.h"

#include <stop_token>

namespace torchdesk::cli {

/// A job that the engine has checked, with its data open.
struct PreparedJob
{
    std::shared_ptr<Engine> engine;
    TrainingJob job;
};

/// Reads the plan's data while the engine is loaded. Blocks; \p stop ends it with ErrorKind::Cancelled.
Expected<PreparedJob> prepareForEngine(const TrainingPlan& plan, const Progress& progress,
                                       std::stop_token stop);

} // namespace torchdesk::cli
