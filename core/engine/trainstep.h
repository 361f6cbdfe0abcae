// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/forward.h"

#include <string>

namespace torchdesk {

/// One training step: forward, loss, gradients, update; and its forward half alone. EagerStep is the
/// reference; faster ones are tested against it. Belongs to the thread of the training; may throw c10::Error.
class TrainStep : public Forward
{
public:
    virtual std::string name() const = 0; ///< "eager"; goes into Started
    /// With \p update false the gradients are kept, and the next call that has it true moves the weights once
    /// for all these batches, along the mean over their samples. May return before the device is done. Once a
    /// loss was not finite, no later call moves anything. The figures go into the log that the step was made
    /// with.
    virtual void run(const Batch& batch, std::int64_t step, double learningRate, bool update = true) = 0;
};

} // namespace torchdesk
