// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/augment/stream.h"
#include "core/plan/augmentation.h"

#include <span>

/// The formulas of torchvision's ColorJitter for float pictures (adjust_brightness, adjust_contrast,
/// adjust_saturation: each blends with black, the mean grey and the grey picture, then clamps), always in
/// this order, where torchvision draws an order too.
namespace torchdesk::augment {

struct ColourFactors
{
    double brightness = 1;
    double contrast = 1;
    double saturation = 1; ///< without effect on one channel

    bool operator==(const ColourFactors&) const = default;
};

/// Each from max(0, 1 - x) to 1 + x.
ColourFactors drawColours(const Augmentation& augmentation, Random random);

/// Changes \p picture, floats from 0 to 255, in place; a factor of 1 does nothing.
void adjustColours(const ColourFactors& factors, const PictureShape& shape, std::span<float> picture);

} // namespace torchdesk::augment
