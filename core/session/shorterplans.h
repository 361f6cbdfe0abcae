// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

#include <vector>

namespace torchdesk {

/// A change to a plan that makes it shorter.
struct ShorterPlan
{
    enum class Way
    {
        FewerSamples, ///< a tenth of them
        SmallerModel
    };
    Way way = Way::FewerSamples;
    std::string model; ///< SmallerModel: its label, "MobileNetV2"
    TrainingPlan plan;
    double secondsInAll = 0; ///< a guess: by the number of samples, or of multiply-adds

    bool operator==(const ShorterPlan&) const = default;
};

/// Above this a plan is long enough to offer shorter ones.
constexpr double longTraining = 30 * 60;

/// What may be offered in place of a plan that was measured; nothing for one that is not long. The smaller
/// model is the largest of the catalogue that fits the data with at most a quarter of the multiply-adds, for
/// the pictures that it would be given; of convolutions where they are in colour. None is offered in place of
/// one that begins with weights: they would not be its own. Reads the user's own models: blocks briefly.
std::vector<ShorterPlan> shorterPlans(const TrainingJob& job, const Measurement& measurement);

} // namespace torchdesk
