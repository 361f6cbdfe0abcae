// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <cstdint>
#include <span>

namespace torchdesk {

class Network;

/// First weights, drawn on the processor from Random(seed, Purpose::Initialisation, 0, index) where index is
/// the parameter's place in the model: the same on every device and with every number of threads.
void initialise(Network& network, std::uint64_t seed);
void initialise(std::span<float> values, const ParameterSpec& spec, std::uint64_t seed, std::uint32_t index);

} // namespace torchdesk
