// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <stop_token>
#include <vector>

namespace torchdesk {

/// A file, or the pictures of a folder and of the folders in it (by the ends of their names: PNG, JPEG,
/// TIFF), in the order of their paths. Hidden files and what links lead to are left out; a folder that cannot
/// be read is passed over. A folder without pictures is an error. Blocks while folders are read.
Expected<std::vector<std::filesystem::path>> picturesAt(const std::filesystem::path& path,
                                                        std::stop_token stop = {});

} // namespace torchdesk
