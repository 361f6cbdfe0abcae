// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/trainstep.h"
#include "core/plan/recipe.h"
#include "core/session/events.h"

#include <functional>

namespace torchdesk {

class TrainingSetup;

/// The step that does the work of a training, and why it was taken.
struct StepChoice
{
    std::unique_ptr<TrainStep> step;
    Recipe recipe;                ///< the plan's, with the precision and the layout that LibTorch would take
    std::vector<StepTried> tried; ///< empty where there was nothing to choose
    std::string why;              ///< for the log: a sentence, or ""
};

/// What the plan says: "eager", "lane", or "auto": on the processor every step that the plan allows is tried
/// on the first batch of the first epoch. LibTorch's in fp32 is the reference; others are lanes, LibTorch
/// with channels last, and, where precision is bf16 and the processor has instructions for it, LibTorch in
/// bf16. Taken is the fastest whose loss agrees; of those that are nearly as fast lanes, then the plainest,
/// so that two runs of one plan rarely differ. Weights, moments and counters are afterwards as they were. \p
/// recipe: the plan's, or that of an earlier choice, which a training that has begun goes on with. \p
/// classWeights: of the loss; undefined: none. Where \p hurried says so, what was not tried yet is left out.
/// An error says why lanes cannot do a plan that wants them.
Expected<StepChoice> chooseStep(TrainingSetup& setup, const Recipe& recipe, const at::Tensor& classWeights,
                                const std::function<bool()>& hurried = {});

} // namespace torchdesk
