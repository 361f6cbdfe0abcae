// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/trainingjob.h"

namespace torchdesk {

std::int64_t TrainingJob::stepsPerEpoch() const
{
    const auto samples = static_cast<std::int64_t>(split.train.size());
    return (samples + plan.batchSize - 1) / plan.batchSize;
}

} // namespace torchdesk
