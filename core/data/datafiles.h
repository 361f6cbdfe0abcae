// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// What the searches for data sets have in common.
namespace torchdesk {

/// Why a folder cannot be searched ("not there", "no folder", "cannot be read: …"); nothing where it can.
std::optional<std::string> folderObstacle(const std::filesystem::path& folder);

/// One entry of the list of what was searched: the folder and what is the matter with it. \p missing of the
/// \p all files that belong together are not in it.
std::string searchedPlace(const std::filesystem::path& folder, const std::vector<std::string>& missing,
                          std::size_t all);

/// The end of the sentence that a set was not found: how it gets here.
std::string waysToGet(const std::string& name);

} // namespace torchdesk
