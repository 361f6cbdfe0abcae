// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picturefill.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

int halfToEven(double value)
{
    const double below = std::floor(value);
    const double rest = value - below;
    const auto whole = static_cast<int>(below);
    return rest > 0.5 || (rest == 0.5 && whole % 2 != 0) ? whole + 1 : whole;
}

/// target × side / other, cut to a whole number. A line of a picture that is wider than all this is scaled to
/// it: only its middle is kept in any case.
int proportional(int target, int side, int other)
{
    constexpr std::int64_t most = 1 << 30;
    return static_cast<int>(std::min(most, static_cast<std::int64_t>(target) * side / other));
}

} // namespace

Picture eightBits(const Picture& picture, const std::optional<PictureRange>& range)
{
    if (picture.deep.empty())
        return picture;
    const auto low = static_cast<float>(range ? range->low : 0);
    const auto high = static_cast<float>(range ? range->high : 65535);
    const float scale = 255 / std::max(1.0f, high - low);
    Picture out{picture.width, picture.height, picture.channels, {}, {}, picture.pages};
    out.pixels.resize(picture.deep.size());
    std::transform(picture.deep.begin(), picture.deep.end(), out.pixels.begin(),
                   [low, scale](std::uint16_t value) {
                       const float scaled = (static_cast<float>(value) - low) * scale + 0.5f;
                       return static_cast<std::uint8_t>(std::clamp(scaled, 0.0f, 255.0f));
                   });
    return out;
}

Plane greyOf(const Picture& picture)
{
    Plane plane{picture.width, picture.height, {}};
    if (picture.channels == 1) {
        plane.values = picture.pixels;
        return plane;
    }
    plane.values.resize(picture.pixels.size() / 3);
    for (std::size_t i = 0; i < plane.values.size(); ++i) {
        const std::uint8_t* p = &picture.pixels[3 * i];
        plane.values[i] = static_cast<std::uint8_t>((299 * p[0] + 587 * p[1] + 114 * p[2] + 500) / 1000);
    }
    return plane;
}

Scaling scalingFor(const std::string& fit, int width, int height, int columns, int rows)
{
    Scaling scaling{columns, rows, 0, 0, columns, rows};
    // Whether the picture is wider than the input, as products: no rounding decides it.
    const bool wider = static_cast<std::int64_t>(width) * rows > static_cast<std::int64_t>(height) * columns;
    if (fit == "crop") {
        if (wider)
            scaling.width = std::max(columns, proportional(rows, width, height));
        else
            scaling.height = std::max(rows, proportional(columns, height, width));
        scaling.left = halfToEven((scaling.width - columns) / 2.0);
        scaling.top = halfToEven((scaling.height - rows) / 2.0);
    } else if (fit == "fill") {
        if (wider)
            scaling.height = scaling.rows = std::max(1, proportional(columns, height, width));
        else
            scaling.width = scaling.columns = std::max(1, proportional(rows, width, height));
    }
    return scaling;
}

} // namespace torchdesk
