// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

namespace torchdesk {

/// The y range that suits a curve such as a loss.
///
/// The first steps of a training are often far above all that follows and would flatten it. So the upper end
/// is the 98th percentile of what is drawn, but never below \p always (validation points, the newest values),
/// and simply the largest value where that is at most half as high again. The lower end is 0 where values
/// come near it. Curves leave the plot through its upper edge; nothing is moved. Both ends are then rounded
/// to nice numbers.
struct ValueRange
{
    double low = 0;
    double high = 1;

    bool operator==(const ValueRange&) const = default;
};

ValueRange robustRange(std::vector<double> drawn, const std::vector<double>& always);
/// The ends moved out to multiples of a nice step, about four of them.
ValueRange roundedOut(ValueRange range);
/// Exponents of ten around all positive values; nullopt where there is none.
std::optional<ValueRange> logarithmicRange(const std::vector<double>& drawn);
/// \p wanted, or \p current where it still serves: values reach beyond the lower 55 % and not out of it.
ValueRange steadied(ValueRange current, ValueRange wanted);

} // namespace torchdesk
