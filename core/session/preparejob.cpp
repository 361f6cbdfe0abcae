// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/trainingjob.h"

#include "core/data/catalogue.h"
#include "core/model/catalogue.h"
#include "core/plan/options.h"

namespace torchdesk {

Expected<TrainingJob> prepareJob(const TrainingPlan& plan, const Progress& progress, std::stop_token stop)
{
    if (const auto checked = checkPlan(plan); !checked)
        return failure(checked);
    const auto file = findModel(plan.model); // before the data, which may take long to read
    if (!file)
        return failure(file);
    const auto data = openData(plan.data, plan.dataFolder, progress, stop);
    if (!data)
        return failure(data);
    const DataDescription& description = data->description;
    auto model = lower(*file, description.shape, static_cast<std::int64_t>(description.classes.size()));
    if (!model)
        return failure(model);
    auto split = makeSplit(plan, data->train->count());
    if (!split)
        return failure(split);
    return TrainingJob{plan, std::move(*model), *data, std::move(*split), preprocessingFor(description)};
}

} // namespace torchdesk
