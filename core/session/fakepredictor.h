// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

namespace torchdesk {

/// A predictor whose logits follow from the bytes of weights and sample alone. Compares names, shapes and
/// types as the contract asks.
Expected<std::unique_ptr<Predictor>> openFakePredictor(const LoweredModel& model,
                                                       const Preprocessing& preprocessing,
                                                       const std::vector<NamedTensor>& tensors);

} // namespace torchdesk
