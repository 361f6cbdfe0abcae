// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picture.h"
#include "core/data/pictures/picturefill.h"

#include <algorithm>

namespace torchdesk {

namespace {

/// What "fill" leaves free is mid grey: near the mean of photographs, and so near 0 once it is normalised.
constexpr std::uint8_t aroundPicture = 128;

bool isEmpty(const Picture& picture)
{
    const std::size_t values = picture.deep.empty() ? picture.pixels.size() : picture.deep.size();
    return picture.width < 1 || picture.height < 1 || (picture.channels != 1 && picture.channels != 3) ||
           values < static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) *
                        static_cast<std::size_t>(picture.channels);
}

/// Lays planes of columns × rows into the middle of planes of width × height.
std::vector<std::uint8_t> framed(const std::vector<std::uint8_t>& planes, const Scaling& scaling, int width,
                                 int height)
{
    const int inner = scaling.columns * scaling.rows;
    const int channels = static_cast<int>(planes.size()) / inner;
    const int left = (width - scaling.columns) / 2;
    const int top = (height - scaling.rows) / 2;
    std::vector<std::uint8_t> out(static_cast<std::size_t>(channels) * static_cast<std::size_t>(width) *
                                      static_cast<std::size_t>(height),
                                  aroundPicture);
    for (std::ptrdiff_t channel = 0; channel < channels; ++channel) {
        for (std::ptrdiff_t y = 0; y < scaling.rows; ++y)
            std::copy_n(planes.begin() + channel * inner + y * scaling.columns, scaling.columns,
                        out.begin() + (channel * height + top + y) * width + left);
    }
    return out;
}

/// The picture's own planes, one or three, scaled into the input.
std::vector<std::uint8_t> fitted(std::span<const std::uint8_t> pixels, const Picture& picture, int channels,
                                 const Preprocessing& preprocessing)
{
    const int height = static_cast<int>(preprocessing.shape.at(1));
    const int width = static_cast<int>(preprocessing.shape.at(2));
    const Scaling scaling = scalingFor(preprocessing.picture, picture.width, picture.height, width, height);
    auto planes = resample(pixels, picture.width, picture.height, channels, scaling);
    if (scaling.columns == width && scaling.rows == height)
        return planes;
    return framed(planes, scaling, width, height);
}

} // namespace

std::vector<std::uint8_t> toSample(const Picture& picture, const Preprocessing& preprocessing)
{
    const auto channels = static_cast<std::size_t>(preprocessing.shape.at(0));
    const int height = static_cast<int>(preprocessing.shape.at(1));
    const int width = static_cast<int>(preprocessing.shape.at(2));
    const std::size_t plane = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    if (isEmpty(picture))
        return std::vector<std::uint8_t>(channels * plane);
    if (!picture.deep.empty())
        return toSample(eightBits(picture, preprocessing.range), preprocessing);
    if (preprocessing.picture == "digit")
        return digitSample(picture, width, height);
    if (channels == 1)
        return fitted(picture.channels == 1 ? picture.pixels : greyOf(picture).values, picture, 1,
                      preprocessing);
    const std::vector<std::uint8_t> planes = fitted(picture.pixels, picture, picture.channels, preprocessing);
    if (picture.channels == 3)
        return planes;
    std::vector<std::uint8_t> sample;
    for (std::size_t channel = 0; channel < channels;
         ++channel) // grey in a colour network: the same each time
        sample.insert(sample.end(), planes.begin(), planes.end());
    return sample;
}

} // namespace torchdesk
