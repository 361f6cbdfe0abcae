// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/folder/folderscan.h"
#include "core/session/trainingjob.h"

/// What is known of a folder or archive of pictures, for people to look at. No Qt, no state.
namespace torchdesk {

/// A scan with its figures. Never changes once made.
struct FolderFacts
{
    std::string data; ///< as the plan names it
    std::shared_ptr<const FolderScan> scan;
    FolderStatistics statistics;
    std::vector<DataNotice> notices;
    Shape modelInput; ///< to which pictures are brought where the options name no size
};

/// Scans what the plan names as its data; nullptr where that is no folder or archive of pictures, \p known
/// where nothing has changed since. Blocks while files are read; any thread.
Expected<std::shared_ptr<const FolderFacts>> folderFacts(const std::string& data, const Shape& modelInput,
                                                         const std::shared_ptr<const FolderFacts>& known,
                                                         const Progress& progress = {},
                                                         std::stop_token stop = {});

/// How many pictures of a class train, validate and test in a run.
struct ClassParts
{
    std::string name;
    std::int64_t train = 0;
    std::int64_t validation = 0;
    std::int64_t test = 0;

    bool operator==(const ClassParts&) const = default;
};

/// One for each class of the run, in the order of the labels.
std::vector<ClassParts> classParts(const TrainingJob& job);

} // namespace torchdesk
