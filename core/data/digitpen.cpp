// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/digitpen.h"

#include <algorithm>

namespace torchdesk {

namespace {

constexpr std::int32_t farthest = 4 * DigitPen::pixel; ///< distances beyond are all the same: no ink
constexpr int tableShift = 6;
constexpr std::size_t tableSize = (farthest * farthest) >> tableShift;

constexpr std::int32_t wholeRoot(std::int32_t value)
{
    std::int32_t root = 0;
    for (std::int32_t bit = 1 << 14; bit > 0; bit >>= 1) {
        if ((root + bit) * (root + bit) <= value)
            root += bit;
    }
    return root;
}

/// Distance by squared distance >> tableShift: exact enough from a third of a pixel on, where edges are.
const std::array<std::int16_t, tableSize>& distances()
{
    static const auto table = [] {
        std::array<std::int16_t, tableSize> made{};
        for (std::size_t i = 0; i < tableSize; ++i)
            made[i] = static_cast<std::int16_t>(
                wholeRoot(static_cast<std::int32_t>((i << tableShift) + (1 << (tableShift - 1)))));
        return made;
    }();
    return table;
}

/// The pixels whose centre may lie within \p reach of the interval.
struct Range
{
    Range(std::int32_t a, std::int32_t b, std::int32_t reach)
        : first(std::max((std::min(a, b) - reach) / DigitPen::pixel, 0)),
          last(std::min((std::max(a, b) + reach) / DigitPen::pixel, DigitPen::side - 1))
    {}
    std::int32_t first;
    std::int32_t last;
};

/// A segment with its reciprocal length, so that the distance needs no division.
struct Segment
{
    Segment(DigitPen::Point from, DigitPen::Point to)
        : x(from.x), y(from.y), dx(to.x - from.x), dy(to.y - from.y), length2(dx * dx + dy * dy),
          inverse(length2 > 0 ? (1 << 30) / length2 : 0)
    {}
    std::int32_t squaredDistance(std::int32_t px, std::int32_t py) const
    {
        const std::int32_t along = std::clamp((px - x) * dx + (py - y) * dy, 0, length2);
        const std::int32_t share = (along * inverse) >> 20; // of 1024
        const std::int32_t ex = px - x - ((dx * share) >> 10);
        const std::int32_t ey = py - y - ((dy * share) >> 10);
        return ex * ex + ey * ey;
    }
    std::int32_t x, y, dx, dy, length2, inverse;
};

} // namespace

DigitPen::DigitPen(const Ink& ink) : m_ink(ink)
{
    m_nearest.fill(farthest * farthest - 1);
}

void DigitPen::line(Point from, Point to, std::int32_t pressure)
{
    const std::int32_t reach = ((m_ink.radius + m_ink.softness) * pressure >> 8) + 1;
    const Range columns(from.x, to.x, reach);
    const Range rows(from.y, to.y, reach);
    const std::int32_t factor = (1 << 24) / (pressure * pressure);
    const Segment segment(from, to);
    for (std::int32_t row = rows.first; row <= rows.last; ++row) {
        std::int32_t* nearest = &m_nearest[static_cast<std::size_t>(row * side)];
        for (std::int32_t column = columns.first; column <= columns.last; ++column) {
            const std::int32_t found =
                segment.squaredDistance(column * pixel + pixel / 2, row * pixel + pixel / 2);
            const std::int32_t scaled = (std::min(found, farthest * farthest) >> 2) * factor >> 6;
            nearest[column] = std::min(nearest[column], scaled);
        }
    }
}

void DigitPen::render(std::span<std::uint8_t> out) const
{
    const auto& table = distances();
    const std::int32_t outside = m_ink.radius + m_ink.softness / 2;
    for (std::size_t i = 0; i < m_nearest.size(); ++i) {
        const std::int32_t distance = table[static_cast<std::size_t>(m_nearest[i]) >> tableShift];
        const std::int32_t cover = std::clamp(outside - distance, 0, m_ink.softness);
        out[i] = static_cast<std::uint8_t>(cover * m_ink.brightness / m_ink.softness);
    }
}

} // namespace torchdesk
