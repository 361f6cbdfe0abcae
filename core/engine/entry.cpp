// SPDX-License-Identifier: GPL-3.0-or-later
// The one symbol of the module.
#include "core/engine/libtorchengine.h"
#include "core/session/engineentry.h"

#include <new>

namespace {

torchdesk::Engine* create()
{
    return new (std::nothrow) torchdesk::LibTorchEngine;
}

constexpr TorchDeskEngineEntry entry{sizeof(TorchDeskEngineEntry), TORCHDESK_BUILD_ID, create};

} // namespace

extern "C" __attribute__((visibility("default"))) const TorchDeskEngineEntry* torchdeskEngine();

const TorchDeskEngineEntry* torchdeskEngine()
{
    return &entry;
}
