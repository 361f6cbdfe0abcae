// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/trainingjob.h"

#include "core/base/paths.h"
#include "core/data/catalogue.h"
#include "core/data/classbalance.h"
#include "core/data/normalisation.h"
#include "core/model/catalogue.h"
#include "core/plan/options.h"
#include "core/session/picturesizehint.h"
#include "core/session/startadvice.h"

namespace torchdesk {

namespace {

/// Where the classes that train are uneven and the plan does nothing about it, that is said.
void sayImbalance(const TrainingPlan& plan, const Split& split, DataSet& data)
{
    if (plan.recipe.classBalance != "none")
        return;
    const std::vector<std::string>& classes = data.description.classes;
    if (const auto found = findImbalance(classCounts(data.train->labels(), split.train, classes.size())))
        data.notices.push_back({imbalanceText(*found, classes)});
}

/// Paths made absolute: the run's own plan is used again from other folders.
TrainingPlan placed(TrainingPlan plan)
{
    for (std::string* path : {&plan.model, &plan.data, &plan.dataFolder, &plan.start.weights}) {
        const bool mayBeName = path == &plan.model || path == &plan.data;
        const bool name = mayBeName && path->find('/') == std::string::npos;
        if (!path->empty() && !name)
            *path = tidyPath(*path).string();
    }
    return plan;
}

} // namespace

Expected<void> checkTrainable(const LoweredModel& model)
{
    if (model.parameterCount() > 0)
        return {};
    return failure(ErrorKind::InvalidInput,
                   "Model '" + model.name +
                       "' has no parameters, so there is nothing to train. Add a conv2d or a linear layer.");
}

Expected<TrainingJob> prepareJob(const TrainingPlan& wanted, const Progress& progress, std::stop_token stop)
{
    if (const auto checked = checkPlan(wanted); !checked)
        return failure(checked);
    const TrainingPlan plan = placed(wanted);
    const auto file = findModel(plan.model); // before the data, which may take long to read
    if (!file)
        return failure(file);
    auto data = openData(requestOf(plan, file->input), progress, stop);
    if (!data)
        return failure(data);
    const DataDescription& description = data->description;
    auto model = lower(*file, description.shape, static_cast<std::int64_t>(description.classes.size()));
    if (!model) {
        Error error = model.error();
        error.message += pictureSizeHint(*file, description);
        return tl::unexpected(std::move(error));
    }
    if (const auto trainable = checkTrainable(*model); !trainable)
        return failure(trainable);
    auto split = makeSplit(plan, *data);
    if (!split)
        return failure(split);
    if (auto none = noValidationNotice(plan, *data, *split))
        data->notices.push_back(std::move(*none));
    keepShare(plan, *split);
    sayImbalance(plan, *split, *data);
    Preprocessing preprocessing = preprocessingFor(*data);
    if (const auto set = setNormalisation(preprocessing, plan, *data, *split, progress, stop); !set)
        return failure(set);
    std::shared_ptr<const StartingPoint> start;
    if (!plan.start.weights.empty()) {
        auto prepared = prepareStart(plan.start, *model);
        if (!prepared)
            return failure(prepared);
        start = std::make_shared<const StartingPoint>(std::move(*prepared));
    }
    TrainingJob job{plan,
                    std::move(*model),
                    std::move(*data),
                    std::move(*split),
                    std::move(preprocessing),
                    std::move(start)};
    for (DataNotice& notice : startNotices(job))
        job.data.notices.push_back(std::move(notice));
    return job;
}

} // namespace torchdesk
