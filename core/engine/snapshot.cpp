// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/snapshot.h"

#include "core/engine/tensors.h"

namespace torchdesk {

std::shared_ptr<const Snapshot> takeSnapshot(const TrainingSetup& setup, std::int64_t epoch,
                                             std::int64_t step, bool best)
{
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->epoch = epoch;
    snapshot->step = step;
    snapshot->best = best;
    snapshot->weights = setup.network.weights();
    std::size_t index = 0;
    for (const NetworkParameter& parameter : setup.network.parameters()) {
        if (!parameter.trained())
            continue;
        for (const auto& [name, tensor] : setup.optimizer->state(index++))
            snapshot->optimizer.push_back(toNamed(parameter.spec.name + "." + name, tensor));
    }
    // Order, dropout and first weights follow from seed, epoch and step: there is no other random state.
    snapshot->state = Json{{"optimizer", setup.job.plan.optimizer},
                           {"optimizer_steps", setup.optimizer->steps()},
                           {"seed", setup.job.plan.seed}};
    return snapshot;
}

} // namespace torchdesk
