// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

#include <filesystem>

namespace torchdesk {

/// Opens the engine module that lies beside core (TORCHDESK_ENGINE=FILE names another), once for each
/// process, and never closes it. In this order: finds LibTorch (TORCHDESK_LIBTORCH, else the folder known at
/// build time), reads its version from its files, compares it with the one built against, loads CUDA's part
/// where a driver is present, opens libtorch and the module, compares build ids, creates the engine. Blocks
/// 0.2 to 1 s: call from a worker thread. Errors say what to do; a later call tries again.
Expected<std::shared_ptr<Engine>> loadEngine();

/// The version in LibTorch's own files ("2.11.0+cu130"), read without opening a library.
Expected<std::string> libtorchVersion(const std::filesystem::path& folder);

} // namespace torchdesk
