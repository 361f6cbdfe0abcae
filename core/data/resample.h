// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace torchdesk {

/// One channel of a picture, rows from the top.
struct Plane
{
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> values;

    std::uint8_t at(int x, int y) const
    {
        return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
};

/// Scales to \p width × \p height, each axis for itself: the mean of the area where it shrinks, bilinear
/// where it grows. Sizes at least 1.
Plane resample(const Plane& plane, int width, int height);

} // namespace torchdesk
