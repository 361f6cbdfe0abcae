// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace torchdesk {
class Engine;
}

/// The one symbol that an engine module exports, as "torchdeskEngine". size and buildId are compared before
/// create is called, so that no C++ object crosses between builds that differ in contract, compiler, flags or
/// LibTorch.
extern "C" struct TorchDeskEngineEntry
{
    std::size_t size;               ///< sizeof(TorchDeskEngineEntry)
    const char* buildId;            ///< TORCHDESK_BUILD_ID of the module
    torchdesk::Engine* (*create)(); ///< noexcept; the caller owns it; nullptr where memory is out
};

extern "C" using TorchDeskEngineFunction = const TorchDeskEngineEntry * ();
