// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace torchdesk {

/// How training pictures are varied, each epoch anew; the defaults vary nothing. What a field means and its
/// range stand in the option table. Pictures that only validate or test are never varied.
struct Augmentation
{
    std::string flip = "off";     ///< "off", "horizontal" or "both"
    double shift = 0;             ///< at most this share of each side
    std::int64_t cropPadding = 0; ///< pixels
    double resizedCrop = 1;       ///< least share of the area; 1: off
    double rotate = 0;            ///< at most, degrees either way
    double brightness = 0;
    double contrast = 0;
    double saturation = 0; ///< colour pictures only
    double noise = 0;      ///< deviation, of values from 0 to 1
    double erasing = 0;    ///< probability
    double mixup = 0;      ///< alpha; 0: off
    double cutmix = 0;     ///< alpha; 0: off
    double labelSmoothing = 0;

    bool operator==(const Augmentation&) const = default;

    /// Is a picture changed by itself?
    bool changesPictures() const
    {
        return flip != "off" || shift > 0 || cropPadding > 0 || resizedCrop < 1 || rotate > 0 ||
               brightness > 0 || contrast > 0 || saturation > 0 || noise > 0 || erasing > 0;
    }
    /// Are the pictures of a batch mixed with each other?
    bool mixes() const { return mixup > 0 || cutmix > 0; }
};

} // namespace torchdesk
