// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/folder/folderscan.h"
#include "core/plan/folderoptions.h"

namespace torchdesk {

/// What the pictures with one such text belong to, "" for one that stands alone; \p inside is the path inside
/// the class. Classes do not part: tiles of one slide may be in several.
std::string belongsTo(const std::string& inside, const FolderOptions& options);

/// Where the options ask for groups: that there are none in this folder, or that the folder's own train, val
/// and test share some.
std::vector<DataNotice> togetherNotices(const FolderScan& scan, const FolderOptions& options);

} // namespace torchdesk
