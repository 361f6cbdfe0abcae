// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picturefill.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace torchdesk {

namespace {

/// From this brightness on (after stretching to 0 … 255) a pixel counts as ink when the picture is cut.
constexpr int inkFrom = 48;
/// Less difference between paper and ink than this is noise: there is nothing on the picture.
constexpr int leastContrast = 24;

/// The median of the outermost pixels: the paper, even where a stroke reaches the edge.
int borderBrightness(const Plane& plane)
{
    std::array<std::size_t, 256> counts{};
    std::size_t total = 0;
    const auto count = [&](int x, int y) {
        ++counts[plane.at(x, y)];
        ++total;
    };
    for (int x = 0; x < plane.width; ++x) {
        count(x, 0);
        count(x, plane.height - 1);
    }
    for (int y = 0; y < plane.height; ++y) {
        count(0, y);
        count(plane.width - 1, y);
    }
    std::size_t seen = 0;
    int value = 0;
    while ((seen += counts[static_cast<std::size_t>(value)]) * 2 < total)
        ++value;
    return value;
}

/// Makes the ink 255 and the paper 0; false where there is no ink.
bool brightInk(Plane& plane)
{
    const auto [least, most] = std::minmax_element(plane.values.begin(), plane.values.end());
    const int darkest = *least;
    const int brightest = *most;
    const int paper = borderBrightness(plane);
    const bool light = 2 * paper > darkest + brightest;
    const int range = light ? paper - darkest : brightest - paper;
    if (range < leastContrast)
        return false;
    for (std::uint8_t& value : plane.values) {
        const int ink = light ? paper - value : value - paper;
        value = static_cast<std::uint8_t>(std::clamp(ink, 0, range) * 255 / range);
    }
    return true;
}

/// The smallest rectangle with all ink. There is some.
Plane cutToInk(const Plane& plane)
{
    int left = plane.width, right = -1, top = plane.height, bottom = -1;
    for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
            if (plane.at(x, y) < inkFrom)
                continue;
            left = std::min(left, x);
            right = std::max(right, x);
            top = std::min(top, y);
            bottom = y;
        }
    }
    Plane cut{right - left + 1, bottom - top + 1, {}};
    for (int y = top; y <= bottom; ++y) {
        const auto row = plane.values.begin() + static_cast<std::ptrdiff_t>(y) * plane.width;
        cut.values.insert(cut.values.end(), row + left, row + right + 1);
    }
    return cut;
}

/// Keeps the proportion; the longer side becomes \p box.
Plane scaleToBox(const Plane& plane, int box)
{
    const int longer = std::max(plane.width, plane.height);
    const auto scaled = [&](int size) {
        return std::max(1, static_cast<int>(std::lround(static_cast<double>(size) * box / longer)));
    };
    Plane small = resample(plane, scaled(plane.width), scaled(plane.height));
    // A thin line is faint once it is averaged: its darkest point is ink all the same.
    const int most = std::max<int>(1, *std::max_element(small.values.begin(), small.values.end()));
    for (std::uint8_t& value : small.values)
        value = static_cast<std::uint8_t>(value * 255 / most);
    return small;
}

/// Where the plane's left (or upper) edge goes so that its centre of mass lies in the middle; never over the
/// edge.
std::pair<int, int> centred(const Plane& plane, int width, int height)
{
    double mass = 0, x = 0, y = 0;
    for (int row = 0; row < plane.height; ++row) {
        for (int column = 0; column < plane.width; ++column) {
            const double value = plane.at(column, row);
            mass += value;
            x += value * column;
            y += value * row;
        }
    }
    const auto place = [](double centre, int size, int field) {
        return std::clamp(static_cast<int>(std::ceil(field / 2.0 - centre - 0.5)), 0, field - size);
    };
    return {place(x / mass, plane.width, width), place(y / mass, plane.height, height)};
}

} // namespace

std::vector<std::uint8_t> digitSample(const Picture& picture, int width, int height)
{
    std::vector<std::uint8_t> sample(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    Plane plane = greyOf(picture);
    if (!brightInk(plane))
        return sample;
    const int box = std::max(1, std::min(width, height) * 20 / 28);
    const Plane small = scaleToBox(cutToInk(plane), box);
    const auto [left, top] = centred(small, width, height);
    for (int y = 0; y < small.height; ++y) {
        for (int x = 0; x < small.width; ++x)
            sample[static_cast<std::size_t>((top + y) * width + left + x)] = small.at(x, y);
    }
    return sample;
}

} // namespace torchdesk
