// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/resample.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

/// Which sources one target is made of: weights of first, first + 1, … that add up to 1.
struct Taps
{
    int first = 0;
    std::vector<float> weights;
};

Taps areaTaps(double begin, double end, int sources)
{
    Taps taps;
    taps.first = std::clamp(static_cast<int>(begin), 0, sources - 1);
    const int last = std::clamp(static_cast<int>(std::ceil(end)) - 1, taps.first, sources - 1);
    for (int source = taps.first; source <= last; ++source) {
        const double covered = std::min(end, source + 1.0) - std::max(begin, static_cast<double>(source));
        taps.weights.push_back(static_cast<float>(std::max(covered, 0.0) / (end - begin)));
    }
    return taps;
}

Taps linearTaps(double centre, int sources)
{
    const double place = std::clamp(centre - 0.5, 0.0, sources - 1.0);
    Taps taps;
    taps.first = std::min(static_cast<int>(place), sources - 1);
    const auto share = static_cast<float>(place - taps.first);
    taps.weights = {1 - share};
    if (taps.first + 1 < sources)
        taps.weights.push_back(share);
    return taps;
}

std::vector<Taps> tapsFor(int sources, int targets)
{
    const double step = static_cast<double>(sources) / targets;
    std::vector<Taps> all;
    for (int target = 0; target < targets; ++target)
        all.push_back(step >= 1 ? areaTaps(target * step, (target + 1) * step, sources)
                                : linearTaps((target + 0.5) * step, sources));
    return all;
}

std::vector<float> resampleRows(const Plane& plane, const std::vector<Taps>& columns)
{
    std::vector<float> out;
    out.reserve(columns.size() * static_cast<std::size_t>(plane.height));
    for (int y = 0; y < plane.height; ++y) {
        const std::uint8_t* row =
            plane.values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(plane.width);
        for (const Taps& taps : columns) {
            float sum = 0;
            for (std::size_t i = 0; i < taps.weights.size(); ++i)
                sum += taps.weights[i] * static_cast<float>(row[static_cast<std::size_t>(taps.first) + i]);
            out.push_back(sum);
        }
    }
    return out;
}

} // namespace

Plane resample(const Plane& plane, int width, int height)
{
    if (plane.width == width && plane.height == height)
        return plane;
    const std::vector<float> narrowed = resampleRows(plane, tapsFor(plane.width, width));
    Plane out{width, height, {}};
    out.values.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (const Taps& taps : tapsFor(plane.height, height)) {
        for (int x = 0; x < width; ++x) {
            float sum = 0;
            for (std::size_t i = 0; i < taps.weights.size(); ++i)
                sum += taps.weights[i] *
                       narrowed[(static_cast<std::size_t>(taps.first) + i) * static_cast<std::size_t>(width) +
                                static_cast<std::size_t>(x)];
            out.values.push_back(static_cast<std::uint8_t>(std::clamp(sum + 0.5f, 0.0f, 255.0f)));
        }
    }
    return out;
}

} // namespace torchdesk
