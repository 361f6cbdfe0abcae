// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/warp.h"

#include <algorithm>
#include <cmath>

namespace torchdesk::augment {

namespace {

/// Where a coordinate falls between two neighbours.
struct Between
{
    int first = 0;
    float share = 0;  ///< of the one after it
    float inside = 0; ///< 1 or 0
};

Between between(double place, int size)
{
    Between found;
    found.inside = place >= -0.5 && place < size - 0.5 ? 1.0f : 0.0f;
    const double clamped = std::clamp(place, 0.0, size - 1.0);
    found.first = std::min(static_cast<int>(clamped), std::max(size - 2, 0));
    found.share = static_cast<float>(clamped - found.first);
    return found;
}

/// One row of one channel under a map that is exact.
void copyRow(const AffineMap& map, const std::uint8_t* from, int width, float* to)
{
    const int step = map.xx > 0 ? 1 : -1;
    const auto start = static_cast<std::int64_t>(map.x0);
    // The x with 0 <= start + step·x < width.
    const std::int64_t low = step > 0 ? -start : start - width + 1;
    const auto first = static_cast<int>(std::clamp<std::int64_t>(low, 0, width));
    const auto last = static_cast<int>(std::clamp<std::int64_t>(low + width, first, width));
    std::fill(to, to + first, 0.0f);
    std::fill(to + last, to + width, 0.0f);
    if (step > 0)
        std::copy(from + start + first, from + start + last, to + first);
    else
        for (int x = first; x < last; ++x)
            to[x] = from[start - x];
}

void copyExactly(const AffineMap& map, const PictureShape& shape, const std::uint8_t* from, float* to)
{
    const auto width = static_cast<std::size_t>(shape.width);
    for (int c = 0; c < shape.channels; ++c) {
        for (int y = 0; y < shape.height; ++y, to += width) {
            const double row = map.yy * y + map.y0;
            if (row >= 0 && row < shape.height)
                copyRow(map, from + static_cast<std::size_t>(row) * width, shape.width, to);
            else
                std::fill_n(to, width, 0.0f);
        }
        from += shape.plane();
    }
}

void takeMemory(WarpScratch& scratch, int width)
{
    const auto size = static_cast<std::size_t>(width);
    if (scratch.places.size() >= size)
        return;
    scratch.places.resize(size);
    for (auto* each : {&scratch.across, &scratch.down, &scratch.inside, &scratch.blended})
        each->resize(size);
}

// The loops below are the time of an augmented epoch: plain, so that they become vector code, and compiled
// once more for AVX2, which can gather. Without __restrict nothing tells that what is gathered is not
// written.

[[gnu::always_inline]] inline void blendRows(const std::uint8_t* upper, const std::uint8_t* lower,
                                             float share, int width, float* __restrict to)
{
    for (int x = 0; x < width; ++x) {
        const auto above = static_cast<float>(upper[x]);
        to[x] = above + (static_cast<float>(lower[x]) - above) * share;
    }
}

[[gnu::always_inline]] inline void pickFromRow(const WarpScratch& s, int right, int width,
                                               float* __restrict to)
{
    const float* row = s.blended.data();
    const std::int32_t* places = s.places.data();
    const float* across = s.across.data();
    const float* inside = s.inside.data();
    for (int x = 0; x < width; ++x) {
        const float left = row[places[x]];
        to[x] = (left + (row[places[x] + right] - left) * across[x]) * inside[x];
    }
}

/// Rows stay rows: two of them are blended, then columns are picked from the result.
[[gnu::always_inline]] inline void scaleUpright(const AffineMap& map, const PictureShape& shape,
                                                const std::uint8_t* from, float* to, WarpScratch& s)
{
    const auto width = static_cast<std::size_t>(shape.width);
    for (std::size_t x = 0; x < width; ++x) {
        const Between column = between(map.xx * static_cast<double>(x) + map.x0, shape.width);
        s.places[x] = column.first;
        s.across[x] = column.share;
        s.inside[x] = column.inside;
    }
    const int right = shape.width > 1 ? 1 : 0;
    const std::size_t below = shape.height > 1 ? width : 0;
    for (int y = 0; y < shape.height; ++y) {
        const Between row = between(map.yy * y + map.y0, shape.height);
        const std::uint8_t* source = from + static_cast<std::size_t>(row.first) * width;
        float* target = to + static_cast<std::size_t>(y) * width;
        for (int c = 0; c < shape.channels; ++c, source += shape.plane(), target += shape.plane()) {
            if (row.inside == 0) {
                std::fill_n(target, width, 0.0f);
                continue;
            }
            blendRows(source, source + below, row.share, shape.width, s.blended.data());
            pickFromRow(s, right, shape.width, target);
        }
    }
}

[[gnu::always_inline]] inline void findRow(const AffineMap& map, const PictureShape& shape, int y,
                                           WarpScratch& s)
{
    const auto startX = static_cast<float>(map.xy * y + map.x0);
    const auto startY = static_cast<float>(map.yy * y + map.y0);
    const auto stepX = static_cast<float>(map.xx);
    const auto stepY = static_cast<float>(map.yx);
    const auto mostX = static_cast<float>(shape.width - 1);
    const auto mostY = static_cast<float>(shape.height - 1);
    const int lastX = std::max(shape.width - 2, 0);
    const int lastY = std::max(shape.height - 2, 0);
    std::int32_t* __restrict places = s.places.data();
    float* __restrict across = s.across.data();
    float* __restrict down = s.down.data();
    float* __restrict inside = s.inside.data();
    const int width = shape.width;
    for (int x = 0; x < width; ++x) {
        const float sourceX = startX + stepX * static_cast<float>(x);
        const float sourceY = startY + stepY * static_cast<float>(x);
        const bool within =
            (sourceX >= -0.5f) & (sourceX < mostX + 0.5f) & (sourceY >= -0.5f) & (sourceY < mostY + 0.5f);
        const float clampedX = std::min(std::max(sourceX, 0.0f), mostX);
        const float clampedY = std::min(std::max(sourceY, 0.0f), mostY);
        const int column = std::min(static_cast<int>(clampedX), lastX);
        const int row = std::min(static_cast<int>(clampedY), lastY);
        places[x] = row * width + column;
        across[x] = clampedX - static_cast<float>(column);
        down[x] = clampedY - static_cast<float>(row);
        inside[x] = within ? 1.0f : 0.0f;
    }
}

[[gnu::always_inline]] inline void mixFour(const WarpScratch& s, const float* from, int right, int below,
                                           int width, float* __restrict to)
{
    const std::int32_t* places = s.places.data();
    const float* across = s.across.data();
    const float* down = s.down.data();
    const float* inside = s.inside.data();
    for (int x = 0; x < width; ++x) {
        const std::int32_t place = places[x];
        const float upperLeft = from[place];
        const float lowerLeft = from[place + below];
        const float upper = upperLeft + (from[place + right] - upperLeft) * across[x];
        const float lower = lowerLeft + (from[place + below + right] - lowerLeft) * across[x];
        to[x] = (upper + (lower - upper) * down[x]) * inside[x];
    }
}

[[gnu::always_inline]] inline void turn(const AffineMap& map, const PictureShape& shape,
                                        const std::uint8_t* from, float* to, WarpScratch& s)
{
    const int right = shape.width > 1 ? 1 : 0;
    const int below = shape.height > 1 ? shape.width : 0;
    s.source.resize(shape.elements());
    std::copy_n(from, shape.elements(), s.source.data());
    for (int y = 0; y < shape.height; ++y) {
        findRow(map, shape, y, s);
        float* target = to + static_cast<std::size_t>(y) * static_cast<std::size_t>(shape.width);
        const float* source = s.source.data();
        for (int c = 0; c < shape.channels; ++c, source += shape.plane(), target += shape.plane())
            mixFour(s, source, right, below, shape.width, target);
    }
}

[[gnu::always_inline]] inline void resampled(const AffineMap& map, const PictureShape& shape,
                                             const std::uint8_t* from, float* to, WarpScratch& scratch)
{
    if (map.isUpright())
        scaleUpright(map, shape, from, to, scratch);
    else
        turn(map, shape, from, to, scratch);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void resampledAvx2(const AffineMap& map, const PictureShape& shape,
                                           const std::uint8_t* from, float* to, WarpScratch& scratch)
{
    resampled(map, shape, from, to, scratch);
}
#endif

} // namespace

void warp(const AffineMap& map, const PictureShape& shape, const std::uint8_t* from, float* to,
          WarpScratch& scratch)
{
    if (map.isExact())
        return copyExactly(map, shape, from, to);
    takeMemory(scratch, shape.width);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return resampledAvx2(map, shape, from, to, scratch);
#endif
    resampled(map, shape, from, to, scratch);
}

} // namespace torchdesk::augment
