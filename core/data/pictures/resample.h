// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
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

/// A picture is scaled to width × height, each axis for itself; of the result the columns × rows at
/// (left, top) are wanted, and only they are computed.
struct Scaling
{
    int width = 1;
    int height = 1;
    int left = 0;
    int top = 0;
    int columns = 1;
    int rows = 1;
};

/// The mean of the area where an axis shrinks, bilinear where it grows. \p pixels: height × width × channels
/// (1 or 3) bytes. Gives channels × rows × columns bytes, plane after plane. Sizes at least 1.
std::vector<std::uint8_t> resample(std::span<const std::uint8_t> pixels, int width, int height, int channels,
                                   const Scaling& scaling);

/// One plane, scaled as a whole.
Plane resample(const Plane& plane, int width, int height);

} // namespace torchdesk
