// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cli/runargument.h"
#include "core/session/engine.h"

namespace torchdesk::cli {

/// A run with its network, ready to compute.
struct ReadyRun
{
    OpenedRun run;
    std::shared_ptr<Engine> engine; ///< outlives the predictor
    std::unique_ptr<Predictor> predictor;
};

/// Loads the engine and opens the run on \p device ("auto": the first that can compute). Blocks.
Expected<ReadyRun> openForUse(const WeightsArgument::Chosen& chosen, const std::string& device);

} // namespace torchdesk::cli
