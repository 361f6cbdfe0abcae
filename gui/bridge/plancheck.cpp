// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/plancheck.h"

#include "core/base/files.h"
#include "core/base/paths.h"
#include "core/plan/options.h"
#include "core/session/picturesizehint.h"
#include "core/session/trainingjob.h"

namespace torchdesk {

namespace {

Verdict wrong(const Error& error, const std::string& field)
{
    Verdict verdict;
    verdict.state = error.kind == ErrorKind::Cancelled ? Verdict::State::Checking : Verdict::State::Wrong;
    verdict.message = error.message;
    verdict.field = field;
    verdict.dataMissing = field == "data" && error.kind == ErrorKind::NotFound;
    return verdict;
}

/// Model and data were tried; where they fit each other it is the weights, or what is frozen of them.
std::string fieldAtFault(const TrainingPlan& plan, const Progress& progress, std::stop_token stop)
{
    if (plan.start.weights.empty())
        return "model";
    TrainingPlan tried = plan;
    tried.start.freeze = "none";
    if (prepareJob(tried, progress, stop))
        return plan.start.freeze == "layers" ? "freeze_layer" : "freeze";
    tried.start = {};
    return prepareJob(tried, progress, stop) ? "weights" : "model";
}

/// The plan with pictures of the size that its model takes, if there is one.
std::optional<TrainingPlan> withFittingPictures(const TrainingPlan& plan, const ModelFile& model,
                                                const DataDescription& data)
{
    const auto side = fittingPictureSize(model, data);
    if (!side)
        return std::nullopt;
    TrainingPlan fitting = plan;
    fitting.pictures.size = *side;
    return fitting;
}

/// Looking through a folder is the first half of opening it.
Progress halfOf(const Progress& progress)
{
    return [&progress](double share, const std::string& what) {
        if (progress)
            progress(share / 2, what);
    };
}

} // namespace

Catalogue readCatalogue(const std::string& dataFolder)
{
    Catalogue catalogue;
    catalogue.models = modelCatalogue(&catalogue.problems);
    catalogue.data = dataCatalogue(dataFolder);
    return catalogue;
}

// Each step is tried alone first, so that its error can be shown at its own field.
CheckedPlan checkWhole(const TrainingPlan& plan, const std::shared_ptr<Engine>& engine,
                       const Progress& progress, const FolderWatch& watch, std::stop_token stop)
{
    CheckedPlan checked;
    if (engine)
        checked.devices = engine->devices();
    const auto refuse = [&](const Error& error, const std::string& field) {
        checked.verdict = wrong(error, field);
        return checked;
    };
    if (const auto ok = checkPlan(plan); !ok)
        return refuse(ok.error(), {});
    if (std::error_code ignored;
        !plan.dataFolder.empty() && !std::filesystem::is_directory(userPath(plan.dataFolder), ignored))
        return refuse({ErrorKind::NotFound,
                       "The data folder " + shown(userPath(plan.dataFolder)) +
                           (std::filesystem::exists(userPath(plan.dataFolder), ignored) ? " is no folder."
                                                                                        : " is not there.") +
                           " Choose another, or leave the field empty.",
                       {}},
                      "data_folder");
    // How large the pictures of a folder become depends on the model.
    const auto model = findModel(plan.model);
    const auto folder =
        folderFacts(plan.data, model ? model->input : Shape{}, watch.known, halfOf(progress), stop);
    if (!folder)
        return refuse(folder.error(), "data");
    checked.folder = *folder;
    if (watch.scanned && checked.folder)
        watch.scanned(checked.folder);
    const auto data = openData(requestOf(plan, model ? model->input : Shape{}), progress, stop);
    if (!data) {
        const bool tooLarge = data.error().kind == ErrorKind::DiskFull && plan.pictures.size > 0;
        return refuse(data.error(), tooLarge ? "picture_size" : "data");
    }
    checked.data = *data;
    if (!model)
        return refuse(model.error(), "model");
    auto job = prepareJob(plan, progress, stop);
    if (!job) {
        checked.verdict = wrong(job.error(), fieldAtFault(plan, progress, stop));
        if (checked.verdict.field == "model")
            checked.verdict.fitting = withFittingPictures(plan, *model, data->description);
        return checked;
    }
    if (engine)
        if (const auto ok = engine->check(*job); !ok)
            return refuse(ok.error(), ok.error().kind == ErrorKind::Device ? "device" : "");
    if (checked.folder)
        checked.verdict.parts = classParts(*job);
    checked.verdict.parameters = job->model.parameterCount();
    checked.verdict.imbalance = findImbalance(
        classCounts(job->data.train->labels(), job->split.train, job->data.description.classes.size()));
    checked.verdict.job = std::make_shared<const TrainingJob>(std::move(*job));
    checked.verdict.state = engine ? Verdict::State::Ready : Verdict::State::Checking;
    return checked;
}

} // namespace torchdesk
