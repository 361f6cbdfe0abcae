// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace torchdesk::lane {

/// Which rule moves the parameters: SGD or Adam, see core/engine/optimizers for the formulas.
enum class Rule
{
    Sgd,
    Adam,
    AdamW,
};

/// How one range of values moves in one step.
struct Update
{
    Rule rule = Rule::Sgd;
    float rate = 0;
    float weightDecay = 0;
    float momentum = 0;
    bool nesterov = false;
    float correction1 = 1; ///< adam: 1 - β1^t
    float correction2 = 1; ///< adam: √(1 - β2^t)
    float gradientFactor = 1;
};

/// A range of a parameter with what belongs to it. Moments are null where the rule has none.
struct UpdateRange
{
    float* value = nullptr;
    float* gradient = nullptr;
    float* moment = nullptr;       ///< sgd: momentum_buffer; adam: exp_avg
    float* secondMoment = nullptr; ///< adam: exp_avg_sq
    std::int64_t count = 0;
};

} // namespace torchdesk::lane
