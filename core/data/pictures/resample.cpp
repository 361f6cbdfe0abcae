// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/resample.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace torchdesk {

namespace {

/// Which sources one target is made of: weights of first, first + 1, … that add up to 1.
struct Taps
{
    int first = 0;
    std::vector<float> weights;

    int end() const { return first + static_cast<int>(weights.size()); }
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

/// For the targets \p begin … \p begin + \p count - 1 of an axis that is scaled from \p sources to
/// \p targets.
std::vector<Taps> tapsFor(int sources, int targets, int begin, int count)
{
    const double step = static_cast<double>(sources) / targets;
    std::vector<Taps> all;
    all.reserve(static_cast<std::size_t>(count));
    for (int target = begin; target < begin + count; ++target)
        all.push_back(step >= 1 ? areaTaps(target * step, (target + 1) * step, sources)
                                : linearTaps((target + 0.5) * step, sources));
    return all;
}

/// sums[i] += weight × row[i]: the inner loop of the whole, which the compiler makes wide.
void addRow(const std::uint8_t* row, float weight, std::span<float> sums)
{
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] += weight * static_cast<float>(row[i]);
}

/// One row of target pixels out of the summed row, whose first column is \p origin.
template <int Channels>
void narrowRow(const float* sums, const std::vector<Taps>& columns, int origin, std::uint8_t* out,
               std::size_t planeSize)
{
    for (std::size_t x = 0; x < columns.size(); ++x) {
        const Taps& taps = columns[x];
        const float* source = sums + (taps.first - origin) * Channels;
        float totals[Channels] = {};
        for (const float weight : taps.weights) {
            for (int c = 0; c < Channels; ++c)
                totals[c] += weight * source[c];
            source += Channels;
        }
        for (std::size_t c = 0; c < Channels; ++c)
            out[c * planeSize + x] = static_cast<std::uint8_t>(std::clamp(totals[c] + 0.5f, 0.0f, 255.0f));
    }
}

} // namespace

std::vector<std::uint8_t> resample(std::span<const std::uint8_t> pixels, int width, int height, int channels,
                                   const Scaling& scaling)
{
    assert(channels == 1 || channels == 3);
    const std::vector<Taps> columns = tapsFor(width, scaling.width, scaling.left, scaling.columns);
    const std::vector<Taps> rows = tapsFor(height, scaling.height, scaling.top, scaling.rows);
    const int origin = columns.front().first;
    const auto used = static_cast<std::size_t>(columns.back().end() - origin);
    const auto depth = static_cast<std::size_t>(channels);
    const std::size_t planeSize = columns.size() * rows.size();
    std::vector<std::uint8_t> out(planeSize * depth);
    std::vector<float> sums(used * depth);
    for (std::size_t y = 0; y < rows.size(); ++y) {
        std::fill(sums.begin(), sums.end(), 0.0f);
        for (int row = rows[y].first; row < rows[y].end(); ++row) {
            const std::size_t start = static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                                      static_cast<std::size_t>(origin);
            addRow(&pixels[start * depth], rows[y].weights[static_cast<std::size_t>(row - rows[y].first)],
                   sums);
        }
        std::uint8_t* target = &out[y * columns.size()];
        if (channels == 1)
            narrowRow<1>(sums.data(), columns, origin, target, planeSize);
        else
            narrowRow<3>(sums.data(), columns, origin, target, planeSize);
    }
    return out;
}

Plane resample(const Plane& plane, int width, int height)
{
    if (plane.width == width && plane.height == height)
        return plane;
    return {width, height,
            resample(plane.values, plane.width, plane.height, 1, {width, height, 0, 0, width, height})};
}

} // namespace torchdesk
