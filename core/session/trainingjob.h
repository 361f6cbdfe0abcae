// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/data/split.h"
#include "core/model/model.h"
#include "core/plan/trainingplan.h"
#include "core/session/startingpoint.h"

#include <memory>

namespace torchdesk {

/// A plan with everything resolved that it names: what an engine trains. A value; the pixels are shared.
struct TrainingJob
{
    TrainingPlan plan;
    LoweredModel model;
    DataSet data;
    Split split;
    Preprocessing preprocessing;
    std::shared_ptr<const StartingPoint> start; ///< nullptr: from nothing

    std::int64_t stepsPerEpoch() const; ///< the last partial batch counts
};

/// A model without parameters cannot be trained.
Expected<void> checkTrainable(const LoweredModel& model);

/// Checks the plan, opens model and data, fits the model to the data, and the weights to begin with to the
/// model. Blocks while these are read; any thread.
Expected<TrainingJob> prepareJob(const TrainingPlan& plan, const Progress& progress = {},
                                 std::stop_token stop = {});

} // namespace torchdesk
