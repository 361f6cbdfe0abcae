// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/torchheaders.h"

#include <cstdint>
#include <span>

namespace torchdesk {

/// What the mask of one dropout layer in one step follows from.
struct DropoutKey
{
    std::uint64_t seed = 0;
    std::uint64_t step = 0; ///< global
    std::uint32_t node = 0; ///< the layer's place in the lowered model
};

/// Element i of the mask (row-major over the whole batch) looks at word i of
/// Random(seed, Purpose::Dropout, step, node): dropped (0) where it is below probability × 2^32, else kept
/// with 1 / (1 - probability). Any kind of step that follows this draws the same masks.
void fillDropoutMask(std::span<float> mask, const DropoutKey& key, double probability);

/// The mask as a tensor on the device of \p options. On a CUDA device without the CUDA module the mask comes
/// from LibTorch's generator, seeded with the key: as reproducible, but not the same numbers.
at::Tensor dropoutMask(at::IntArrayRef sizes, const at::TensorOptions& options, const DropoutKey& key,
                       double probability);

} // namespace torchdesk
