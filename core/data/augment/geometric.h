// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/augment/affine.h"
#include "core/data/augment/stream.h"
#include "core/plan/augmentation.h"

/// The kinds that move pixels, each as an affine map. They compose into one, so a picture is resampled at
/// most once; what lies outside the stored picture is black, and what one kind moves out another may move in
/// again.
namespace torchdesk::augment {

/// Mirrored left to right, and upside down, about the middle.
AffineMap flipped(const PictureShape& shape, bool horizontally, bool vertically);
/// Moved right and down by whole pixels.
AffineMap shifted(int right, int down);
/// Turned counter-clockwise about the middle, as torchvision's rotate.
AffineMap rotated(const PictureShape& shape, double degrees);
/// The box enlarged to the whole picture.
AffineMap cropped(const PictureShape& shape, const Box& box);

/// The box of torchvision's RandomResizedCrop: an area from \p leastArea to 1 of the picture's, a proportion
/// width : height from 3/4 to 4/3 (uniform in its logarithm), at most ten tries; then the largest box in the
/// middle that keeps the proportion.
Box drawCropBox(const PictureShape& shape, double leastArea, Random random);

/// All of them for one sample, in this order: resized crop, crop with padding, flip, rotate, shift.
AffineMap drawMap(const Augmentation& augmentation, const PictureShape& shape, const Turn& turn);

} // namespace torchdesk::augment
