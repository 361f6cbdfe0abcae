// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace torchdesk {

/// The probabilities of one sample's logits: exp(x_i - max) / sum. Not finite logits give equal shares of
/// nothing: zeros.
std::vector<float> softmax(std::span<const float> logits);

} // namespace torchdesk
