// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/session/engineentry.h"
#include "core/session/fakeengine.h"

#include <new>

/// The fake engine as a module: TORCHDESK_ENGINE=…/torchdesk_fake_engine.so runs window and command line
/// without LibTorch, as TORCHDESK_FAKE_SCRIPT says.
namespace {

torchdesk::Engine* create()
{
    auto script = torchdesk::fakeScriptFromEnvironment();
    if (!script) {
        torchdesk::logError(script.error().message);
        torchdesk::FakeScript broken; // the sentence reaches whoever wants to train
        broken.checkFails = script.error();
        return new (std::nothrow) torchdesk::FakeEngine(std::move(broken));
    }
    return new (std::nothrow) torchdesk::FakeEngine(std::move(*script));
}

} // namespace

extern "C" __attribute__((visibility("default"))) const TorchDeskEngineEntry* torchdeskEngine()
{
    static const TorchDeskEngineEntry entry{sizeof(TorchDeskEngineEntry), TORCHDESK_BUILD_ID, &create};
    return &entry;
}
