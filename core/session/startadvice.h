// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/trainingjob.h"

namespace torchdesk {

/// Whether weights are those of a run, given as its folder or a file in one of its checkpoints.
bool areOfRun(const std::string& weights);

/// Whether the data is a folder with so few pictures that published weights decide over the result.
bool hasFewPictures(const DataSet& data);

/// Whether the plan begins with a file of weights (no run) for a model of which torchvision publishes some,
/// and does not normalise the pictures, as those want it.
bool lacksImageNet(const TrainingJob& job);

/// What should be known of how the plan begins: few pictures trained from nothing, published weights without
/// their normalisation, layers that are to be frozen where nothing is started from.
std::vector<DataNotice> startNotices(const TrainingJob& job);

} // namespace torchdesk
