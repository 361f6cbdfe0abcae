// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/erase.h"

#include <algorithm>
#include <cmath>

namespace torchdesk::augment {

namespace {

constexpr int eraseTries = 10;
constexpr double leastErased = 0.02;
constexpr double mostErased = 0.33;
constexpr double flattest = 0.3;
constexpr double tallest = 3.3;

int anyPlace(Random& random, int count)
{
    return static_cast<int>(random.below(static_cast<std::uint32_t>(count)));
}

} // namespace

std::optional<Box> drawErased(const PictureShape& shape, double probability, Random random)
{
    if (random.uniformDouble() >= probability)
        return std::nullopt;
    const auto area = static_cast<double>(shape.plane());
    for (int i = 0; i < eraseTries; ++i) {
        const double wanted = area * uniformIn(random, leastErased, mostErased);
        const double proportion = std::exp(uniformIn(random, std::log(flattest), std::log(tallest)));
        const int height = static_cast<int>(std::lround(std::sqrt(wanted * proportion)));
        const int width = static_cast<int>(std::lround(std::sqrt(wanted / proportion)));
        if (height < 1 || width < 1 || height >= shape.height || width >= shape.width)
            continue;
        const int top = anyPlace(random, shape.height - height + 1);
        const int left = anyPlace(random, shape.width - width + 1);
        return Box{left, top, width, height};
    }
    return std::nullopt;
}

void erase(const Box& box, const PictureShape& shape, std::span<float> picture)
{
    for (int c = 0; c < shape.channels; ++c)
        for (int y = box.top; y < box.top + box.height; ++y)
            std::fill_n(picture.begin() + (static_cast<std::ptrdiff_t>(c) * shape.height + y) * shape.width +
                            box.left,
                        box.width, 0.0f);
}

} // namespace torchdesk::augment
