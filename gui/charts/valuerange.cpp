// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/valuerange.h"

#include "gui/charts/ticks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace torchdesk {

namespace {

constexpr double roundingShare = 1e-9;

double percentile(std::vector<double>& values, double share)
{
    const auto place = std::min(values.size() - 1, std::size_t(share * double(values.size())));
    std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(place), values.end());
    return values[place];
}

} // namespace

ValueRange robustRange(std::vector<double> drawn, const std::vector<double>& always)
{
    const auto bad = [](double value) { return !std::isfinite(value); };
    drawn.erase(std::remove_if(drawn.begin(), drawn.end(), bad), drawn.end());
    double floor = -std::numeric_limits<double>::infinity();
    double low = std::numeric_limits<double>::infinity();
    for (const double value : always) {
        if (bad(value))
            continue;
        floor = std::max(floor, value);
        low = std::min(low, value);
    }
    if (drawn.empty() && bad(floor))
        return {0, 1};
    double high = floor;
    if (!drawn.empty()) {
        const auto [least, most] = std::minmax_element(drawn.begin(), drawn.end());
        const double largest = *most;
        low = std::min(low, *least);
        high = std::max(floor, percentile(drawn, drawn.size() < 50 ? 1.0 : 0.98));
        if (largest - low <= 1.5 * (high - low))
            high = std::max(floor, largest);
    }
    if (low >= 0 && low < 0.5 * high)
        low = 0;
    // Averages of a constant differ in their last digits.
    if (high - low <= roundingShare * std::max(std::abs(low), std::abs(high))) {
        const double room = std::max(std::abs(low) * 0.1, 1e-6);
        return low >= 0 && low - room < 0 ? ValueRange{0, low + room} : ValueRange{low - room, high + room};
    }
    return {low, high};
}

ValueRange roundedOut(ValueRange range)
{
    const double step = niceStep((range.high - range.low) / 4);
    return {std::floor(range.low / step + 1e-6) * step, std::ceil(range.high / step - 1e-6) * step};
}

std::optional<ValueRange> logarithmicRange(const std::vector<double>& drawn)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double value : drawn) {
        if (!std::isfinite(value) || value <= 0)
            continue;
        low = std::min(low, std::log10(value));
        high = std::max(high, std::log10(value));
    }
    if (!std::isfinite(low))
        return std::nullopt;
    const double room = std::max(0.05, (high - low) * 0.05);
    return ValueRange{low - room, high + room};
}

ValueRange steadied(ValueRange current, ValueRange wanted)
{
    const bool inside = wanted.low >= current.low && wanted.high <= current.high;
    const bool filled =
        wanted.high - current.low >= 0.55 * (current.high - current.low) && current.low == wanted.low;
    return inside && filled ? current : wanted;
}

} // namespace torchdesk
