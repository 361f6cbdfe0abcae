// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

/// Our own models of how the ten digits are written: a pen's path through a few knots.
namespace torchdesk {

/// A point that the pen goes through, in a field 100 wide and 140 high, y downwards.
struct Knot
{
    enum Kind : std::uint8_t
    {
        Begin,  ///< the pen is put down here
        Smooth, ///< passed in a curve
        Corner, ///< passed with a turn
    };

    std::int16_t x;
    std::int16_t y;
    Kind kind;
};

using StrokeModel = std::span<const Knot>;

/// The ways in which people write this digit (0 to 9), the usual one first.
std::span<const StrokeModel> strokeModels(int digit);

/// No model has more knots.
constexpr std::size_t mostKnots = 16;

} // namespace torchdesk
