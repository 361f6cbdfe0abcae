// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

#include <filesystem>

/// The parts of loadEngine(), for its tests.
namespace torchdesk {

/// Where the engine and LibTorch may lie, and what they must match.
struct EngineSearch
{
    std::filesystem::path module;        ///< torchdesk_engine.so
    bool moduleIsNamed = false;          ///< by TORCHDESK_ENGINE; such a one may do without LibTorch
    std::filesystem::path namedLibTorch; ///< TORCHDESK_LIBTORCH: the only one looked at, where it is set
    std::vector<std::filesystem::path> libtorchFolders; ///< else the first of these that holds one
    std::string libtorchVersion; ///< "2.11.0"; what is after a '+' in the found one does not count
    std::string buildId;
};

/// From the environment and the build.
EngineSearch usualSearch();

/// The folder that holds lib/libtorch_cpu.so.
Expected<std::filesystem::path> findLibTorch(const EngineSearch& search);

/// Opens module and LibTorch as \p search says. Nothing is ever closed again.
Expected<std::shared_ptr<Engine>> openEngine(const EngineSearch& search);

} // namespace torchdesk
