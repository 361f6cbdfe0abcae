// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/folder/folderscan.h"
#include "core/plan/folderoptions.h"

namespace torchdesk {

/// Which pictures of a folder are used, in which order, and what they are for. The test part and the limit of
/// a class do not follow the run's seed: so runs with different seeds are measured on the same pictures, none
/// of which another of them was trained on, and share one cache.
struct DrawnFolder
{
    std::vector<std::string> classes;
    std::vector<std::size_t> order;   ///< indices into FolderScan::pictures: training first, then test
    std::vector<std::int64_t> labels; ///< of these, within classes
    std::int64_t trainCount = 0;      ///< so many of them are for training and validation
    DataParts parts;
    std::vector<DataNotice> notices;
};

/// Leaves out small classes, limits large ones, puts together what belongs together (copies always do) and
/// draws the test part where the folder has none. Fewer than two classes left is an error.
Expected<DrawnFolder> drawFolder(const FolderScan& scan, const FolderOptions& options);

} // namespace torchdesk
