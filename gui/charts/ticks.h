// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

namespace torchdesk {

/// A line of the grid and what stands beside it.
struct Tick
{
    double value = 0;
    QString label;

    bool operator==(const Tick&) const = default;
};

enum class ValueUnit
{
    Number,
    Percent
};

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below \p rough.
double niceStep(double rough);
/// Lines at multiples of a nice step, about \p wanted of them, from \p from to \p to.
std::vector<Tick> linearTicks(double from, double to, int wanted, ValueUnit unit);
/// \p from and \p to are exponents of ten; lines at powers of ten, between them at 2 and 5 where there is
/// room.
std::vector<Tick> logarithmicTicks(double from, double to, int wanted, ValueUnit unit);
/// Steps of training: multiples of \p unit (the steps of an epoch; 0: none), as steps "2,940" or as epochs
/// "7".
std::vector<Tick> stepTicks(double from, double to, int wanted, double unit, bool asEpochs);
/// Seconds as "30 s", "5 min", "1.5 h".
std::vector<Tick> timeTicks(double from, double to, int wanted);

/// A value of a chart for legend and tooltip: "0.0712", "97.9 %", "2.5e-06".
QString figureText(double value, ValueUnit unit);

} // namespace torchdesk
