// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/forward.h"
#include "core/session/engine.h"

#include <functional>
#include <optional>

namespace torchdesk {

/// Mean loss, accuracy and (of more than 5 classes) top-5 accuracy over the samples at \p indices, in
/// inference mode and in fp32; with \p confusion also which class was taken for which. \p batch: samples that
/// are asked for at once. nullopt where \p stopped, asked between batches, says so. Waits for the device
/// once, at the end.
std::optional<Evaluation> evaluate(Forward& forward, std::int64_t batch, BatchSource& source,
                                   const at::Tensor& indices, const std::function<bool()>& stopped,
                                   bool confusion = false);

} // namespace torchdesk
