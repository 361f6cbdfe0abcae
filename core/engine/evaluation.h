// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/batch.h"
#include "core/engine/network.h"
#include "core/engine/trainstep.h"
#include "core/session/engine.h"

#include <functional>
#include <optional>

namespace torchdesk {

/// Mean loss, accuracy and (of more than 5 classes) top-5 accuracy over the samples at \p indices, in
/// inference mode and in fp32; with \p confusion also which class was taken for which. nullopt where \p
/// stopped, asked between batches, says so. Waits for the device once, at the end. \p step: of the training
/// of \p network, which may compute the logits faster; or null.
std::optional<Evaluation> evaluate(const Network& network, BatchSource& source, const at::Tensor& indices,
                                   const std::function<bool()>& stopped, bool confusion = false,
                                   TrainStep* step = nullptr);

} // namespace torchdesk
