// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/augment/affine.h"
#include "core/data/augment/stream.h"

#include <cstdint>
#include <vector>

namespace torchdesk::augment {

/// Memory that a thread uses again for each picture.
struct WarpScratch
{
    std::vector<std::int32_t> places; ///< of a row: offset of the upper left neighbour
    std::vector<float> across;        ///< share of the right neighbour
    std::vector<float> down;          ///< share of the lower neighbour
    std::vector<float> inside;        ///< 1 within the picture, else 0
    std::vector<float> source;        ///< the whole picture as floats, which can be gathered
    std::vector<float> blended;       ///< a row of the source between two rows
};

/// \p to gets the picture under the map as floats in the unit of bytes (0 … 255), 0 outside the source.
/// Exact maps copy; others are bilinear, where a pixel covers half a pixel around its centre, so that
/// the edge of the picture is neither darkened nor cut. The same result on every processor: no fused
/// multiply-add.
void warp(const AffineMap& map, const PictureShape& shape, const std::uint8_t* from, float* to,
          WarpScratch& scratch);

} // namespace torchdesk::augment
