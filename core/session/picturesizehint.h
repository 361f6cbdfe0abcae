// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/plan/trainingplan.h"

namespace torchdesk {

/// What to add to the error of a model that does not fit, where the plan asks for a size of pictures that
/// this data does not have: a sentence that begins with a blank, else "".
std::string pictureSizeHint(const TrainingPlan& plan, const DataDescription& data);

} // namespace torchdesk
