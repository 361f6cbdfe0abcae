// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/augment/stream.h"

#include <span>

namespace torchdesk::augment {

/// Adds normal noise to floats from 0 to 255 and clamps; \p deviation in the same unit. A value of noise is
/// one of 4096 equally likely quantiles of the normal distribution (the largest 3.67 deviations), two for
/// each word of Philox: a picture of 224×224 needs 150,000, and a logarithm and a cosine for each would take
/// longer than all else together.
void addNoise(double deviation, Random random, std::span<float> picture);

/// The standard normal's quantile of \p share in (0, 1), by bisection of the error function: for tables.
double normalQuantile(double share);

} // namespace torchdesk::augment
