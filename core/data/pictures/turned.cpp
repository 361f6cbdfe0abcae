// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/turned.h"

#include <utility>

namespace torchdesk {

namespace {

/// Where the target's upper left pixel lies in the source, and what a step right and a step down are there.
struct Walk
{
    std::ptrdiff_t start = 0;
    std::ptrdiff_t right = 1;
    std::ptrdiff_t down = 0;
};

Walk walkOf(int orientation, std::ptrdiff_t width, std::ptrdiff_t height)
{
    const std::ptrdiff_t lastRow = (height - 1) * width;
    const std::ptrdiff_t lastColumn = width - 1;
    switch (orientation) {
    case 2:
        return {lastColumn, -1, width};
    case 3:
        return {lastRow + lastColumn, -1, -width};
    case 4:
        return {lastRow, 1, -width};
    case 5:
        return {0, width, 1};
    case 6:
        return {lastRow, -width, 1};
    case 7:
        return {lastRow + lastColumn, -width, -1};
    case 8:
        return {lastColumn, width, -1};
    default:
        return {0, 1, width};
    }
}

template <class Value>
std::vector<Value> walked(const std::vector<Value>& from, const Walk& walk, int width, int height,
                          int channels)
{
    std::vector<Value> out(from.size());
    Value* target = out.data();
    for (std::ptrdiff_t y = 0; y < height; ++y) {
        const Value* source = from.data() + (walk.start + y * walk.down) * channels;
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < channels; ++c)
                *target++ = source[c];
            source += walk.right * channels;
        }
    }
    return out;
}

} // namespace

Picture turned(Picture picture, int orientation)
{
    if (orientation < 2 || orientation > 8)
        return picture;
    const Walk walk = walkOf(orientation, picture.width, picture.height);
    if (swapsSides(orientation))
        std::swap(picture.width, picture.height);
    if (!picture.pixels.empty())
        picture.pixels = walked(picture.pixels, walk, picture.width, picture.height, picture.channels);
    if (!picture.deep.empty())
        picture.deep = walked(picture.deep, walk, picture.width, picture.height, picture.channels);
    return picture;
}

} // namespace torchdesk
