// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/data/split.h"

namespace torchdesk {

/// Mean and standard deviation of one channel over all pixels, of values from 0 to 1. The deviation divides
/// by the number of pixels.
struct ChannelStatistics
{
    double mean = 0;
    double deviation = 0;
};

/// Over the samples at \p indices, from exact sums: the same on any number of threads. Blocks; looks at \p
/// stop. \p shape: {channels, height, width}; \p threads: 0 is one for each core.
Expected<std::vector<ChannelStatistics>> measureChannels(const SampleStore& store, const Shape& shape,
                                                         std::span<const std::int64_t> indices,
                                                         const Progress& progress = {},
                                                         std::stop_token stop = {}, int threads = 0);

/// Mean and deviation as the plan wants them, put into \p preprocessing. "measured": over the samples that
/// train; a channel that never changes keeps the deviation 1. "imagenet": those of torchvision's models, and
/// for grey pictures the mean of the three (0.449, 0.226). What was measured last is remembered: a form
/// checks one plan many times. Any thread; blocks while it measures.
Expected<void> setNormalisation(Preprocessing& preprocessing, const TrainingPlan& plan, const DataSet& data,
                                const Split& split, const Progress& progress = {}, std::stop_token stop = {});

} // namespace torchdesk
