// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace torchdesk {

/// A round pen on a field of 28×28 pixels, in whole numbers only, so that every machine draws the same bytes.
/// Lengths are in 1/128 pixel. The field keeps each pixel's distance to the nearest stroke.
class DigitPen
{
public:
    static constexpr std::int32_t side = 28;
    static constexpr std::int32_t pixel = 128;

    struct Point
    {
        std::int32_t x;
        std::int32_t y;
    };
    /// How the ink looks.
    struct Ink
    {
        std::int32_t radius;     ///< of the stroke, at most 2.5 pixels
        std::int32_t softness;   ///< width of the edge, from full to none
        std::int32_t brightness; ///< 0 … 255
    };

    explicit DigitPen(const Ink& ink);

    /// A straight stroke; \p pressure is its share of the radius in 1/256, 128 … 320.
    void line(Point from, Point to, std::int32_t pressure);
    /// The picture so far, 28×28 bytes.
    void render(std::span<std::uint8_t> out) const;

private:
    Ink m_ink;
    std::array<std::int32_t, side * side> m_nearest; ///< squared distance, as if the pressure were 256
};

} // namespace torchdesk
