// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/plan/trainingplan.h"

#include <optional>
#include <vector>

namespace torchdesk {

/// Which samples of the training part train and which validate. Indices into SampleStore.
struct Split
{
    std::vector<std::int64_t> train;
    std::vector<std::int64_t> validation;

    bool operator==(const Split&) const = default;
};

/// "end": the last part before any shuffling, the first floor(count × (1 - share)) train, as Keras'
/// validation_split; "random": a permutation keyed by the seed, then the same. Needs at least one sample to
/// train.
Expected<Split> makeSplit(const TrainingPlan& plan, std::int64_t count);
/// The same for a data set, which may say more (DataParts): its own validation part is taken, whatever the
/// share; where it has groups, whole groups are drawn, class by class, keyed by the seed.
Expected<Split> makeSplit(const TrainingPlan& plan, const DataSet& data);

/// What is to be said where a share was asked for (or the set has such a part of its own) and nothing
/// validates.
std::optional<DataNotice> noValidationNotice(const TrainingPlan& plan, const DataSet& data,
                                             const Split& split);

/// Of the training samples only the plan's share, at least one: drawn by the seed, in the order they had.
void keepShare(const TrainingPlan& plan, Split& split);

} // namespace torchdesk
