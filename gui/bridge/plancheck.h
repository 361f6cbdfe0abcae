// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/catalogue.h"
#include "core/model/catalogue.h"
#include "gui/bridge/folderfacts.h"
#include "gui/bridge/verdict.h"

#include <functional>

/// The slow steps between a plan and its verdict, for a worker thread. No Qt, no state.
namespace torchdesk {

/// What the form offers.
struct Catalogue
{
    std::vector<ModelFile> models;
    std::vector<DataEntry> data;
    std::vector<Error> problems; ///< model files of the user that could not be read
};

/// Looks for files: blocks briefly.
Catalogue readCatalogue(const std::string& dataFolder);

struct CheckedPlan
{
    Verdict verdict;
    DataSet data; ///< as far as it could be opened
    std::shared_ptr<const FolderFacts>
        folder;                      ///< of a folder of pictures that could be scanned; else nullptr
    std::vector<DeviceInfo> devices; ///< as they are now; empty without an engine
};

/// How what is known of a folder of pictures comes to the window.
struct FolderWatch
{
    std::shared_ptr<const FolderFacts> known; ///< from the check before: kept where nothing has changed
    std::function<void(std::shared_ptr<const FolderFacts>)> scanned;
};

/// Opens model and data, fits the one to the other and asks the engine, where there is one, whether it would
/// train that. What is known of a folder of pictures is told through \p watch as soon as it is (in the
/// calling thread), long before its pictures are decoded. The verdict is Ready (Checking without an engine),
/// or Wrong with the field at fault.
CheckedPlan checkWhole(const TrainingPlan& plan, const std::shared_ptr<Engine>& engine,
                       const Progress& progress, const FolderWatch& watch, std::stop_token stop);

} // namespace torchdesk
