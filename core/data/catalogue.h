// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/plan/trainingplan.h"

#include <filesystem>

namespace torchdesk {

/// What a row of the data list shows before anything is opened.
struct DataEntry
{
    DataDescription description;
    bool available = false; ///< can be opened now (its files were found, or it is built in)
    std::string hint; ///< where it is not available: what to do, naming the files and the folders searched
    std::uint64_t downloadBytes = 0; ///< what a download takes; 0: it cannot be downloaded
};

/// Every data set the program knows, in the order of the form. Looks for files: blocks briefly.
std::vector<DataEntry> dataCatalogue(const std::filesystem::path& firstFolder = {});

/// Whether \p path is a folder with the files of one of knownSets(); none of them is read.
Expected<void> checkDataFolder(const std::string& path);

/// Opens a data set by name, or the folder with the files of one where \p nameOrPath contains '/'.
/// Blocks for as long as reading or drawing takes (drawn digits: about a second; CIFAR: two); stop gives
/// ErrorKind::Cancelled. What was opened last is kept, so that the form, the check and the run share one
/// copy. Any thread.
Expected<DataSet> openData(const std::string& nameOrPath, const std::filesystem::path& firstFolder = {},
                           const Progress& progress = {}, std::stop_token stop = {});

} // namespace torchdesk
