// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stepchoice.h"

#include "core/base/text.h"
#include "core/device/processorfeatures.h"
#include "core/engine/eagerstep.h"
#include "core/engine/lanestep.h"
#include "core/engine/steptrials.h"
#include "core/engine/trainingsetup.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

/// A step that the plan allows, and how it did.
struct Candidate
{
    std::unique_ptr<TrainStep> step;
    Recipe recipe;
    StepTrial trial;
    bool agrees = true; ///< with the loss of the reference

    bool rounds() const { return recipe.precision == "bf16"; }
    bool lanes() const { return !step->wantsInputs(); }
    double seconds() const { return agrees ? trial.seconds : std::numeric_limits<double>::infinity(); }
};

using Candidates = std::vector<Candidate>;

std::unique_ptr<EagerStep> eagerStep(TrainingSetup& setup, const Recipe& recipe,
                                     const at::Tensor& classWeights)
{
    TrainingPlan plan = setup.job.plan;
    plan.recipe = recipe;
    return std::make_unique<EagerStep>(setup.network, *setup.optimizer, setup.figures, plan, classWeights);
}

auto laneStep(TrainingSetup& setup, const at::Tensor& classWeights)
{
    return LaneStep::make(setup.job, setup.network, *setup.optimizer, setup.figures, classWeights,
                          threadCount(setup.job.plan));
}

bool hasPictures(const LoweredModel& model)
{
    return std::ranges::any_of(model.nodes, [](const LoweredNode& node) { return node.kind == "conv2d"; });
}

/// The reference first, then the rest from the plainest on.
std::vector<Recipe> allowedRecipes(const TrainingPlan& plan, const LoweredModel& model)
{
    std::vector<std::string> precisions{"fp32"};
    if (plan.recipe.precision == "bf16" && hasFastBf16())
        precisions.push_back("bf16");
    std::vector<Recipe> recipes;
    for (const std::string& precision : precisions) {
        recipes.push_back(plan.recipe);
        recipes.back().precision = precision;
        if (plan.recipe.channelsLast || !hasPictures(model))
            continue;
        recipes.push_back(recipes.back());
        recipes.back().channelsLast = true;
    }
    return recipes;
}

/// Lanes are the last ones.
Candidates candidatesOf(TrainingSetup& setup, const at::Tensor& classWeights)
{
    Candidates candidates;
    for (const Recipe& recipe : allowedRecipes(setup.job.plan, setup.job.model))
        candidates.push_back({eagerStep(setup, recipe, classWeights), recipe, {}, true});
    if (auto lanes = laneStep(setup, classWeights))
        candidates.push_back({std::move(*lanes), candidates.front().recipe, {}, true});
    return candidates;
}

bool agree(double loss, double reference, double tolerance)
{
    if (!std::isfinite(reference))
        return !std::isfinite(loss);
    return std::abs(loss - reference) <= tolerance * std::max(1.0, std::abs(reference));
}

/// Nothing where memory or an operator is lacking: what nobody has asked for must not end the training.
std::optional<StepTrial> attempt(StepTrials& trials, TrainStep& step, double best)
{
    try {
        return trials.run(step, best);
    } catch (const std::exception&) {
        trials.putBack();
        return std::nullopt;
    }
}

/// Leaves those that were tried; the reference is always among them.
void tryEach(StepTrials& trials, Candidates& candidates, const std::function<bool()>& hurried)
{
    Candidates tried;
    double best = std::numeric_limits<double>::infinity();
    for (Candidate& candidate : candidates) {
        const bool first = tried.empty();
        if (!first && hurried && hurried())
            break;
        const auto trial = first ? trials.run(*candidate.step) : attempt(trials, *candidate.step, best);
        if (!trial)
            continue;
        candidate.trial = *trial;
        candidate.agrees =
            first || agree(trial->loss, tried.front().trial.loss, candidate.rounds() ? 2e-2 : 1e-3);
        best = std::min(best, candidate.seconds());
        tried.push_back(std::move(candidate));
    }
    candidates = std::move(tried);
}

/// A busy moment must not decide: those in question have two more turns, where steps are not very long.
void tryAgain(StepTrials& trials, Candidates& candidates, const std::function<bool()>& hurried)
{
    constexpr double inQuestion = 1.5;
    constexpr double veryLong = 1;
    const double best = std::ranges::min_element(candidates, {}, &Candidate::seconds)->seconds();
    std::vector<Candidate*> close;
    for (Candidate& each : candidates)
        if (each.seconds() <= inQuestion * best)
            close.push_back(&each);
    for (int turn = 0; turn < 2 && close.size() > 1 && best < veryLong; ++turn)
        for (Candidate* each : close)
            if (!hurried || !hurried())
                each->trial.seconds = std::min(each->trial.seconds, trials.again(*each->step));
}

Candidate& bestOf(Candidates& candidates)
{
    const double most =
        nearlyAsFast * std::ranges::min_element(candidates, {}, &Candidate::seconds)->seconds();
    const auto good = [most](const Candidate& each) { return each.seconds() <= most; };
    if (candidates.back().lanes() && good(candidates.back()))
        return candidates.back();
    return *std::ranges::find_if(candidates, good);
}

/// "LibTorch (channels last)".
std::string told(const TrainStep& step)
{
    const std::string name = step.name();
    return name.starts_with("eager") ? "LibTorch" + name.substr(5) : name;
}

std::string sentence(const Candidates& candidates, const Candidate& best)
{
    std::string tried;
    std::string wrong;
    for (const Candidate& each : candidates) {
        if (each.agrees)
            tried += (tried.empty() ? "" : ", ") + told(*each.step) + " " +
                     fixed(each.trial.seconds * 1e3, 2) + " ms";
        else
            wrong += " " + told(*each.step) +
                     " is not taken, as its loss is another: " + toText(each.trial.loss) + " instead of " +
                     toText(candidates.front().trial.loss) + ".";
    }
    const bool fastest = &best == &*std::ranges::min_element(candidates, {}, &Candidate::seconds);
    return "Steps: " + told(*best.step) +
           (fastest ? " is the fastest here" : " is nearly as fast as the fastest here") +
           ". A step of each: " + tried + "." + wrong;
}

StepChoice fastestOf(TrainingSetup& setup, Candidates candidates, const std::function<bool()>& hurried)
{
    StepTrials trials(setup);
    tryEach(trials, candidates, hurried);
    tryAgain(trials, candidates, hurried);
    Candidate& best = bestOf(candidates);
    StepChoice choice{nullptr, best.recipe, {}, sentence(candidates, best)};
    for (const Candidate& each : candidates)
        choice.tried.push_back(
            {each.step->name(), each.agrees ? each.trial.seconds : std::numeric_limits<double>::quiet_NaN()});
    choice.step = std::move(best.step);
    return choice;
}

} // namespace

Expected<StepChoice> chooseStep(TrainingSetup& setup, const Recipe& recipe, const at::Tensor& classWeights,
                                const std::function<bool()>& hurried)
{
    if (recipe.step == "lane") {
        auto lanes = laneStep(setup, classWeights);
        if (!lanes)
            return failure(lanes);
        return StepChoice{std::move(*lanes), recipe, {}, ""};
    }
    const bool begun = setup.choice.step != nullptr; // what was frozen is released
    if (recipe.step == "eager" || begun || !setup.device.is_cpu())
        return StepChoice{eagerStep(setup, recipe, classWeights), recipe, {}, ""};
    Candidates candidates = candidatesOf(setup, classWeights);
    if (candidates.size() == 1)
        return StepChoice{std::move(candidates[0].step), candidates[0].recipe, {}, ""};
    return fastestOf(setup, std::move(candidates), hurried);
}

} // namespace torchdesk
