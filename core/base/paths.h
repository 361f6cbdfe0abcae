// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

/// Where TorchDesk looks and keeps things. Environment variables override, which also makes tests hermetic.
namespace torchdesk {

/// TORCHDESK_RUNS, else ~/TorchDesk/runs.
std::filesystem::path runsFolder();
/// The folders searched for data sets: \p first if not empty, then TORCHDESK_DATA (a list separated by ':',
/// which may be read-only), then ~/TorchDesk/data.
std::vector<std::filesystem::path> dataFolders(const std::filesystem::path& first = {});
/// The user's own models: TORCHDESK_MODELS, else ~/TorchDesk/models.
std::filesystem::path userModelsFolder();
/// What can be made again: TORCHDESK_CACHE, else torchdesk in $XDG_CACHE_HOME, else ~/.cache/torchdesk.
std::filesystem::path cacheFolder();
/// The folder of the library that holds this function (core): its modules lie beside it.
std::filesystem::path libraryFolder();
/// A path as the user wrote it: a leading "~" is the home folder; made absolute.
std::filesystem::path userPath(const std::string& text);
/// userPath() without "." and "..", and without a slash at its end. Where ".." follows a link, the link is
/// followed first, as the system does it.
std::filesystem::path tidyPath(const std::string& text);

} // namespace torchdesk
