// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/optimizer.h"

#include "core/base/text.h"

namespace torchdesk {

namespace {

struct Maker
{
    const char* name;
    std::unique_ptr<Optimizer> (*make)(const TrainingPlan& plan, Tensors parameters);
};

constexpr Maker makers[] = {{"adam", makeAdam}, {"sgd", makeSgd}};

} // namespace

Expected<std::unique_ptr<Optimizer>> makeOptimizer(const TrainingPlan& plan, Tensors parameters)
{
    std::vector<std::string> names;
    for (const Maker& maker : makers) {
        if (plan.optimizer == maker.name)
            return maker.make(plan, std::move(parameters));
        names.emplace_back(maker.name);
    }
    return failure(ErrorKind::InvalidInput, "optimizer: found '" + shortened(plan.optimizer, 60) +
                                                "', wanted one of: " + joined(names, ", "));
}

} // namespace torchdesk
