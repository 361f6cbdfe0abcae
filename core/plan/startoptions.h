// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace torchdesk {

/// What a training begins with, and what of it stays as it is. The rest is used only where weights are named.
struct StartOptions
{
    std::string weights; ///< a .safetensors, .pt or .pth file or the folder of a run; empty: from nothing
    std::string freeze = "none";   ///< "none", "body" (all but the head) or "layers" (up to freezeLayer)
    std::string freezeLayer;       ///< a name of the layer table, or what several begin with: "layer3"
    std::int64_t releaseEpoch = 0; ///< from this epoch on nothing is frozen; 0: never
    double releaseRate = 0.1;      ///< times the learning rate, for what was frozen

    bool operator==(const StartOptions&) const = default;
};

} // namespace torchdesk
