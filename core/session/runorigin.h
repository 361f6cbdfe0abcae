// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/runrecord.h"
#include "core/session/engine.h"

namespace torchdesk {

/// The record of a run that is about to begin: its name ("lenet-mnist"), its plan, what it trains on, and
/// where: environment holds host, processor, cores, vector_units, torchdesk, engine ("LibTorch 2.11.0+cu130")
/// and, where it is in use, cuda; start says which
/// weights it began with.
RunRecord originOf(const TrainingJob& job, const EngineInfo& engine);

} // namespace torchdesk
