// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/shorterplans.h"

#include "core/model/catalogue.h"

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

std::optional<Candidate> smallerModel(const LoweredModel& model)
{
    std::optional<Candidate> best;
    for (ModelFile& file : modelCatalogue()) {
        const auto lowered = lower(file, model.input, model.classes);
        if (!lowered || lowered->parameterCount() == 0)
            continue;
        const std::int64_t cost = lowered->multiplyAdds();
        if (cost <= model.multiplyAdds() / timesSmaller && (!best || cost > best->multiplyAdds))
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
    if (const auto smaller = smallerModel(job.model))
        shorter.push_back(withModel(job, measurement.secondsInAll, *smaller));
    return shorter;
}

} // namespace torchdesk
