// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/folder/folderscan.h"
#include "core/plan/folderoptions.h"

#include <optional>

namespace torchdesk {

/// What a class has to train on. Pictures of the folder's own validation and test are not counted.
struct ClassSupply
{
    std::string name;
    std::int64_t readable = 0;
    std::int64_t unreadable = 0;
    std::string example; ///< of the unreadable ones: "b/1.jpg: it is empty"

    bool operator==(const ClassSupply&) const = default;
};

/// Whether a picture of this part may train: a share of the others is drawn.
bool mayTrain(FolderPart part);

/// As far as the heads of the files tell, in the order of the scan's classes.
std::vector<ClassSupply> suppliesOf(const FolderScan& scan);
bool hasEnough(const ClassSupply& supply, const FolderOptions& options);

/// Fewer than two classes with enough are an error, which names those whose files cannot be read.
Expected<void> checkSupplies(const FolderScan& scan, const std::vector<ClassSupply>& supplies,
                             const FolderOptions& options);

/// The classes that have enough, and what becomes of the labels.
struct ChosenClasses
{
    std::vector<std::string> classes;
    std::vector<std::int64_t> labels; ///< of each that there was; -1: it is left out
    std::optional<DataNotice> notice; ///< names those that are left out
};
ChosenClasses chooseClasses(const std::vector<ClassSupply>& supplies, const FolderOptions& options);

} // namespace torchdesk
