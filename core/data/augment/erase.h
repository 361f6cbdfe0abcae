// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/augment/stream.h"

#include <optional>
#include <span>

namespace torchdesk::augment {

/// The rectangle of torchvision's RandomErasing (Zhong et al., "Random Erasing Data Augmentation", 2017): an
/// area from 0.02 to 0.33 of the picture's, height : width from 0.3 to 3.3 (uniform in its logarithm), at
/// most ten tries. nullopt where nothing is erased.
std::optional<Box> drawErased(const PictureShape& shape, double probability, Random random);

/// Sets the box to 0 in every channel of a normalised picture: the mean, or black without one.
void erase(const Box& box, const PictureShape& shape, std::span<float> picture);

} // namespace torchdesk::augment
