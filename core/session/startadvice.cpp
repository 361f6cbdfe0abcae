// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/startadvice.h"

#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/model/weightmatch.h"

#include <fmt/format.h>
#include <set>

namespace torchdesk {

namespace {

constexpr std::int64_t fewPictures = 5000;

/// Without those that validate by the folder's own choice, and those that nobody can use.
std::int64_t countToTrain(const DataSet& data)
{
    std::set<std::int64_t> others;
    if (data.parts) {
        others.insert(data.parts->validation.begin(), data.parts->validation.end());
        others.insert(data.parts->unusable.begin(), data.parts->unusable.end());
    }
    return data.description.trainCount - std::ssize(others);
}

std::string fewPicturesText(const TrainingJob& job)
{
    const DataDescription& data = job.data.description;
    const std::string published = publishedAs(job.model.name);
    const std::string name = published.empty() ? "resnet18" : published;
    std::string flags = fmt::format("--weights {}.pth", name);
    if (published.empty())
        flags = "--model resnet18 " + flags;
    if (job.plan.normalise == "none")
        flags += " --set normalise=imagenet";
    if (data.shape[0] == 1) // as the weights are of pictures in colour
        flags += " --set picture_colour=colour";
    return fmt::format(
        "The folder has {} pictures to train: with under {}, training from nothing stays near "
        "guessing. {} does better: {}. In Python torch.save(torchvision.models.{}(weights='DEFAULT')"
        ".state_dict(), '{}.pth') writes the file.",
        grouped(countToTrain(job.data)), grouped(fewPictures),
        published.empty() ? "A ResNet-18 from published weights" : "To begin with published weights", flags,
        name, name);
}

} // namespace

bool areOfRun(const std::string& weights)
{
    const std::filesystem::path path = userPath(weights);
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored) ||
           std::filesystem::exists(path.parent_path() / "MANIFEST", ignored); // in a checkpoint
}

bool hasFewPictures(const DataSet& data)
{
    const bool folder = !data.fit.empty();
    return folder && countToTrain(data) < fewPictures;
}

bool lacksImageNet(const TrainingJob& job)
{
    return job.start && job.start->ofFile && job.plan.normalise == "none" &&
           !publishedAs(job.model.name).empty();
}

std::vector<DataNotice> startNotices(const TrainingJob& job)
{
    const StartOptions& options = job.plan.start;
    std::vector<DataNotice> notices;
    if (!job.start && hasFewPictures(job.data))
        notices.push_back({fewPicturesText(job)});
    if (!job.start && options.freeze != "none")
        notices.push_back({fmt::format("freeze={} was passed over: the plan starts from nothing, and what is "
                                       "frozen would stay at its first random weights. Name weights with "
                                       "--weights, or set freeze=none.",
                                       options.freeze),
                           true});
    if (lacksImageNet(job))
        notices.push_back({fmt::format("Published weights were trained on pictures normalised as ImageNet's, "
                                       "and this plan normalises nothing: if those of {} were published, "
                                       "train with --set normalise=imagenet.",
                                       shown(userPath(options.weights))),
                           true});
    return notices;
}

} // namespace torchdesk
