// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace torchdesk {

/// How a folder (or archive) of pictures is made into a data set. Of every other set only the size is looked
/// at; what each field means stands in the option table.
struct FolderOptions
{
    /// Pixels of a side; 0: the input that the model was made for, or the set's own size if it has one.
    std::int64_t size = 0;
    std::string colour = "auto"; ///< "auto", "grey" or "colour"
    std::string fit = "crop";    ///< "crop", "squash" or "fill"
    double testShare = 0.1;      ///< where the folder has no test part
    std::int64_t leastPerClass = 1;
    std::int64_t mostPerClass = 0;        ///< 0: no limit
    std::string keepTogether = "nothing"; ///< "nothing", "folder" or "name"
    std::string keepTogetherMark = "_";   ///< with "name": the file name up to this belongs together
    std::string unreadable = "leave_out"; ///< "leave_out" or "stop"

    bool operator==(const FolderOptions&) const = default;
};

} // namespace torchdesk
