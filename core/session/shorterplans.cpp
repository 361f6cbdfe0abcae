// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/shorterplans.h"

#include "core/model/catalogue.h"

#include <algorithm>
#include <optional>

namespace torchdesk {

namespace {

constexpr double sharePerOffer = 0.1;
constexpr std::size_t fewestSamples = 1000; ///< of the tenth: with fewer there is little to learn
constexpr std::int64_t timesSmaller = 4;

struct Candidate
{
    ModelFile file;
    std::int64_t multiplyAdds = 0;
};

/// What another model would be given: pictures of a folder are brought to its own size where the plan says
/// none.
Shape inputFor(const ModelFile& file, const TrainingJob& job)
{
    const bool folder = !job.data.fit.empty();
    if (!folder || job.plan.pictures.size > 0)
        return job.model.input;
    return {job.model.input[0], file.input[1], file.input[2]};
}

/// Colour pictures want convolutions.
bool suits(const LoweredModel& model)
{
    const bool convolves =
        std::ranges::any_of(model.nodes, [](const LoweredNode& node) { return node.kind == "conv2d"; });
    return model.parameterCount() > 0 && (convolves || model.input[0] == 1);
}

std::optional<Candidate> smallerModel(const TrainingJob& job)
{
    const std::int64_t most = job.model.multiplyAdds() / timesSmaller;
    std::optional<Candidate> best;
    for (ModelFile& file : modelCatalogue()) {
        const auto lowered = lower(file, inputFor(file, job), job.model.classes);
        if (!lowered || !suits(*lowered))
            continue;
        const std::int64_t cost = lowered->multiplyAdds();
        if (cost <= most && (!best || cost > best->multiplyAdds))
            best = Candidate{std::move(file), cost};
    }
    return best;
}

/// How much of the time is left: validation stays whole, and costs about a third of a training sample
/// (forward without backward).
double shareOfTime(const Split& split)
{
    const auto train = static_cast<double>(split.train.size());
    const double rest = static_cast<double>(split.validation.size()) / 3;
    return (sharePerOffer * train + rest) / (train + rest);
}

ShorterPlan withFewerSamples(const TrainingJob& job, double seconds)
{
    ShorterPlan shorter{ShorterPlan::Way::FewerSamples, {}, job.plan, seconds * shareOfTime(job.split)};
    shorter.plan.trainShare = job.plan.trainShare * sharePerOffer;
    return shorter;
}

ShorterPlan withModel(const TrainingJob& job, double seconds, const Candidate& smaller)
{
    const double ratio =
        static_cast<double>(smaller.multiplyAdds) / static_cast<double>(job.model.multiplyAdds());
    ShorterPlan shorter{ShorterPlan::Way::SmallerModel, smaller.file.label, job.plan, seconds * ratio};
    shorter.plan.model = smaller.file.name;
    shorter.plan.start = {}; // layers to freeze are those of the larger one
    return shorter;
}

} // namespace

std::vector<ShorterPlan> shorterPlans(const TrainingJob& job, const Measurement& measurement)
{
    std::vector<ShorterPlan> shorter;
    if (measurement.secondsInAll <= longTraining)
        return shorter;
    if (job.split.train.size() >= 10 * fewestSamples)
        shorter.push_back(withFewerSamples(job, measurement.secondsInAll));
    // Weights to begin with are of this model, and a network from nothing is no shorter way to the same.
    const bool fromNothing = job.plan.start.weights.empty();
    if (const auto smaller = fromNothing ? smallerModel(job) : std::nullopt)
        shorter.push_back(withModel(job, measurement.secondsInAll, *smaller));
    return shorter;
}

} // namespace torchdesk
