// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/colour.h"

#include <algorithm>
#include <array>

namespace torchdesk::augment {

namespace {

// ITU-R BT.601 luma with the digits of torchvision's rgb_to_grayscale.
constexpr float red = 0.2989f;
constexpr float green = 0.587f;
constexpr float blue = 0.114f;

float clampedByte(float value)
{
    return std::min(std::max(value, 0.0f), 255.0f);
}

double drawFactor(Random& random, double spread)
{
    return uniformIn(random, std::max(0.0, 1 - spread), 1 + spread);
}

void blend(std::span<float> values, float factor, float with)
{
    const float rest = (1 - factor) * with;
    for (float& value : values)
        value = clampedByte(value * factor + rest);
}

/// In eight sums: one would be a chain of additions, each waiting for the last.
template <class Grey>
double sumOf(std::size_t count, Grey grey)
{
    constexpr std::size_t lanes = 8;
    std::array<double, lanes> sums{};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] += grey(i + lane);
    double sum = 0;
    for (; i < count; ++i)
        sum += grey(i);
    for (const double each : sums)
        sum += each;
    return sum;
}

double meanGrey(const PictureShape& shape, const float* r)
{
    const std::size_t plane = shape.plane();
    const float* g = r + plane;
    const float* b = r + 2 * plane;
    const double sum = shape.channels == 3
                           ? sumOf(plane,
                                   [=](std::size_t i) {
                                       return static_cast<double>(red * r[i] + green * g[i] + blue * b[i]);
                                   })
                           : sumOf(plane, [=](std::size_t i) { return double{r[i]}; });
    return sum / static_cast<double>(plane);
}

void saturate(float factor, std::size_t plane, float* picture)
{
    const float rest = 1 - factor;
    float* g = picture + plane;
    float* b = picture + 2 * plane;
    for (std::size_t i = 0; i < plane; ++i) {
        const float grey = rest * (red * picture[i] + green * g[i] + blue * b[i]);
        picture[i] = clampedByte(picture[i] * factor + grey);
        g[i] = clampedByte(g[i] * factor + grey);
        b[i] = clampedByte(b[i] * factor + grey);
    }
}

} // namespace

ColourFactors drawColours(const Augmentation& augmentation, Random random)
{
    ColourFactors factors;
    factors.brightness = drawFactor(random, augmentation.brightness);
    factors.contrast = drawFactor(random, augmentation.contrast);
    factors.saturation = drawFactor(random, augmentation.saturation);
    return factors;
}

void adjustColours(const ColourFactors& factors, const PictureShape& shape, std::span<float> picture)
{
    if (factors.brightness != 1)
        blend(picture, static_cast<float>(factors.brightness), 0);
    if (factors.contrast != 1)
        blend(picture, static_cast<float>(factors.contrast),
              static_cast<float>(meanGrey(shape, picture.data())));
    if (factors.saturation != 1 && shape.channels == 3)
        saturate(static_cast<float>(factors.saturation), shape.plane(), picture.data());
}

} // namespace torchdesk::augment
