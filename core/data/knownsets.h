// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

#include <filesystem>
#include <string>
#include <vector>

namespace torchdesk {

/// A data set that has a name of its own and is told by its files. The functions block; any thread.
struct KnownSet
{
    DataDescription (*describe)(); ///< as it is published
    /// Where among the folders it lies: what read() takes. The error names the files and the folders.
    Expected<std::filesystem::path> (*find)(const std::vector<std::filesystem::path>& folders);
    Expected<DataSet> (*read)(const std::filesystem::path& place, const Progress& progress,
                              std::stop_token stop);
};

/// All of them, in the order of the form.
const std::vector<KnownSet>& knownSets();

/// The one that lies in \p folder. None, or more than one, is an error that says what was looked for.
Expected<const KnownSet*> knownSetIn(const std::filesystem::path& folder);

} // namespace torchdesk
