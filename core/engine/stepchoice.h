// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/lanestep.h"

namespace torchdesk {

class TrainingSetup;

/// The step that does the work of a training, and why it was taken.
struct StepChoice
{
    std::unique_ptr<TrainStep> step;
    std::string why; ///< for the log: a sentence; "" where there was nothing to choose
};

/// What the plan says: "eager", "lane", or "auto": on the processor, where lanes can do the plan, both are
/// tried on the first batch of the first epoch, and lanes are taken if their loss agrees with the eager one
/// and they are not slower by a tenth. Weights, moments and counters are afterwards as they were. \p
/// classWeights: of the loss; undefined: none. An error says why lanes cannot do a plan that wants them.
Expected<StepChoice> chooseStep(TrainingSetup& setup, const at::Tensor& classWeights);

} // namespace torchdesk
