// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace torchdesk {

struct TrainingPlan;

/// How the learning rate goes over a run. Texts of moments are epochs ("30") or shares of the run ("60%").
struct Schedule
{
    /// "constant", "step", "multistep", "exponential", "cosine", "polynomial", "onecycle" or "plateau"
    std::string kind = "constant";
    std::string stepEvery = "10";        ///< step only
    std::string milestones = "50%, 75%"; ///< multistep only
    double factor = 0.1;                 ///< step, multistep, plateau: what each drop multiplies the rate by
    double decay = 0.95;                 ///< exponential only: the same for each epoch
    double power = 1;                    ///< polynomial only
    double rise = 0.3;                   ///< onecycle only: the share of the run in which the rate rises
    double least = 0;                    ///< cosine and plateau: the lowest rate
    std::int64_t patience = 10;          ///< plateau only: epochs without a gain before the rate drops
    std::string warmUp = "0";            ///< not onecycle, which has its own

    bool operator==(const Schedule&) const = default;
};

/// A length of time within a run.
struct RunSpan
{
    double value = 0;
    bool percent = false; ///< of the run; else epochs

    double epochs(std::int64_t ofEpochs) const
    {
        return percent ? value / 100 * static_cast<double>(ofEpochs) : value;
    }
    bool operator==(const RunSpan&) const = default;
};

/// "30" and "2.5" are epochs, "60%" and "60 %" a share of at most the whole; nullopt for anything else and
/// for what is negative or not finite.
std::optional<RunSpan> toRunSpan(std::string_view text);
/// "30, 60%": at least one, separated by commas.
std::optional<std::vector<RunSpan>> toRunSpans(std::string_view text);

/// The learning rate of training step \p step (from 1) as the plan's schedule has it, without what a person
/// changes meanwhile. It is torch.optim.lr_scheduler's, with the plan's learning rate as the optimizer's:
/// StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR (T_max: the epochs), PolynomialLR (total_iters: the
/// epochs), each stepped once an epoch, and OneCycleLR (cosine, div_factor 25, final_div_factor 1e4, without
/// cycling the momentum), stepped once a training step. A plateau reduces only by what is measured: here it
/// is constant. The warm-up multiplies the rate by step / n in the first n steps, as LinearLR(start_factor =
/// 1 / n, total_iters = n - 1) beside it does; moments count from the run's beginning, warm-up or not.
/// Moments in percent are rounded to whole epochs, the warm-up to whole steps. Any thread.
double scheduledRate(const TrainingPlan& plan, std::int64_t stepsPerEpoch, std::int64_t step);
/// Where \p step stands in the warm-up: step / n, 1 after it and without one.
double warmUpShare(const TrainingPlan& plan, std::int64_t stepsPerEpoch, std::int64_t step);

/// The curve of a whole run as \p points rates at equal distances, for a picture of it. As if no plateau
/// came.
std::vector<double> scheduleCurve(const TrainingPlan& plan, std::int64_t stepsPerEpoch, std::size_t points);

} // namespace torchdesk
