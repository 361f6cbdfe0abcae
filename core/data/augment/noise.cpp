// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/noise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace torchdesk::augment {

namespace {

constexpr std::size_t quantiles = 4096;
using Quantiles = std::array<float, quantiles>;

const Quantiles& quantileTable()
{
    static const Quantiles table = [] {
        Quantiles made{};
        for (std::size_t i = 0; i < quantiles; ++i)
            made[i] = static_cast<float>(normalQuantile((static_cast<double>(i) + 0.5) / quantiles));
        return made;
    }();
    return table;
}

} // namespace

double normalQuantile(double share)
{
    double low = -10;
    double high = 10;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        const double below = 0.5 * std::erfc(-middle / std::numbers::sqrt2);
        (below < share ? low : high) = middle;
    }
    return (low + high) / 2;
}

void addNoise(double deviation, Random random, std::span<float> picture)
{
    const Quantiles& table = quantileTable();
    const auto scale = static_cast<float>(deviation);
    const std::array<std::uint32_t, 2> key = {random.next(), random.next()};
    std::uint32_t block = 0;
    std::size_t i = 0;
    while (i < picture.size()) {
        for (const std::uint32_t word : philox({block, 0, 0, 0}, key)) {
            for (const std::uint32_t place : {word >> 20, word >> 4 & 0xFFF}) {
                if (i == picture.size())
                    return;
                picture[i] = std::clamp(picture[i] + scale * table[place], 0.0f, 255.0f);
                ++i;
            }
        }
        ++block;
    }
}

} // namespace torchdesk::augment
