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

/// Whether \p path is a folder or an archive that data may be in; nothing in it is opened.
Expected<void> checkDataFolder(const std::string& path);

struct FolderScan;

/// What is known of the folder or archive of pictures at the path \p data without decoding them; nullptr for
/// every other kind of data. What was scanned last is kept while no file changes, and openData() uses it.
/// Blocks while files are read; stop gives ErrorKind::Cancelled. Any thread.
Expected<std::shared_ptr<const FolderScan>> picturesAt(const std::string& data, const Progress& progress = {},
                                                       std::stop_token stop = {});

/// What to open, as a value. A folder of pictures needs more than a name; of a set that is known by its files
/// the size alone is looked at.
struct DataRequest
{
    std::string data;             ///< a name of the catalogue, or a path (contains '/')
    std::filesystem::path folder; ///< searched before the usual data folders
    FolderOptions pictures;
    Shape modelInput; ///< the input that the model was made for: the size of pictures where the options say
                      ///< none

    bool operator==(const DataRequest&) const = default;
};

DataRequest requestOf(const TrainingPlan& plan, const Shape& modelInput);
/// The same for a network that is there already: pictures come in the size of its \p input, whatever the plan
/// says.
DataRequest requestFor(const TrainingPlan& plan, const Shape& input);

/// Opens a data set by name, or, where the name contains '/', the folder with the files of one of
/// knownSets(), or a folder or archive of pictures. Blocks for as long as reading, decoding or drawing takes
/// (drawn digits: about a second), or scaling, where another size is wanted; stop gives ErrorKind::Cancelled.
/// What was opened last is kept, so that the form, the check and the run share one copy. Any thread.
Expected<DataSet> openData(const DataRequest& request, const Progress& progress = {},
                           std::stop_token stop = {});
/// The same with the defaults for pictures.
Expected<DataSet> openData(const std::string& nameOrPath, const std::filesystem::path& firstFolder = {},
                           const Progress& progress = {}, std::stop_token stop = {});

} // namespace torchdesk
