// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/softmax.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

std::vector<float> softmax(std::span<const float> logits)
{
    std::vector<float> shares(logits.size(), 0.0f);
    const bool finite = std::all_of(logits.begin(), logits.end(), [](float x) { return std::isfinite(x); });
    if (logits.empty() || !finite)
        return shares;
    const double largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const float x : logits)
        sum += std::exp(x - largest);
    std::transform(logits.begin(), logits.end(), shares.begin(),
                   [&](float x) { return static_cast<float>(std::exp(x - largest) / sum); });
    return shares;
}

} // namespace torchdesk
