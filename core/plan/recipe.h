// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace torchdesk {

/// How each step moves the weights, beside optimizer and learning rate, and which epoch counts.
struct Recipe
{
    bool nesterov = false;           ///< sgd only
    double smoothing = 0.99;         ///< rmsprop only: of the mean of squared gradients
    std::string decayOn = "all";     ///< "all", or "weights": neither biases nor normalisation parameters
    double clipNorm = 0;             ///< 0: gradients are not clipped
    std::int64_t accumulation = 1;   ///< batches whose gradients make one update
    std::string bestBy = "accuracy"; ///< or "loss", "f1", "top5": of the validation part
    std::int64_t earlyStopping = 0;  ///< epochs without a better one; 0: never
    std::string precision = "fp32";  ///< or "tf32", "bf16"
    bool channelsLast = false;
    std::string step = "auto";         ///< or "eager", "lane": which step does the work on the processor
    std::string classBalance = "none"; ///< or "weights" (of the loss), "sampling": of the training part

    bool operator==(const Recipe&) const = default;
};

} // namespace torchdesk
