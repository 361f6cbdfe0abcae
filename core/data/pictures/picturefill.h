// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/picture.h"
#include "core/data/pictures/resample.h"

/// The parts of toSample(): values to bytes, colours to channels, and where a scaled picture lies in the
/// network's input.
namespace torchdesk {

/// The picture with 8 bits a value: what has 16 goes through the range.
Picture eightBits(const Picture& picture, const std::optional<PictureRange>& range);

/// ITU-R BT.601 luma, as Pillow's and most programs' grey. Of an 8-bit picture.
Plane greyOf(const Picture& picture);

/// "crop": scaled so that it covers the input, of which the centre is kept. As torchvision's Resize and
/// CenterCrop: the longer side is cut to a whole number, the place of the cut is rounded to even.
/// "fill": scaled so that all of it is inside. "fit" and "squash": each axis for itself.
Scaling scalingFor(const std::string& fit, int width, int height, int columns, int rows);

/// The rules of "digit" (Preprocessing::picture).
std::vector<std::uint8_t> digitSample(const Picture& picture, int width, int height);

} // namespace torchdesk
