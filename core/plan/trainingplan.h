// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/plan/augmentation.h"
#include "core/plan/folderoptions.h"
#include "core/plan/recipe.h"
#include "core/plan/schedule.h"
#include "core/plan/startoptions.h"

#include <cstdint>
#include <string>

namespace torchdesk {

/// Everything that a run follows from, as one value: JSON on disk, a form in the window, flags in the
/// terminal. The defaults are the embedded default plan (LeNet on drawn digits, Adam, 5 epochs). What each
/// field means, its unit and its range stand in the option table (core/plan/options.h), and only there.
struct TrainingPlan
{
    std::string model = "lenet"; ///< a name of the catalogue, or a path (contains '/') to a model file
    std::string data = "synthetic-digits"; ///< a name of the catalogue, or a path (contains '/')
    std::string dataFolder;                ///< searched before the usual data folders; empty: none
    StartOptions start;
    double validationShare = 0.1;
    std::string split = "end"; ///< "end" (as Keras' validation_split) or "random"
    double trainShare = 1;     ///< of the samples to train on; the rest is left out
    std::int64_t epochs = 5;
    std::int64_t batchSize = 128;
    std::string optimizer = "adam"; ///< "adam", "adamw", "sgd" or "rmsprop"
    double learningRate = 0.001;
    double momentum = 0.9; ///< sgd and rmsprop
    double weightDecay = 0;
    std::string device = "auto"; ///< "auto", "cpu" or "cuda:N"
    std::int64_t threads = 0;    ///< 0: one for each processor core that is available
    std::uint64_t seed = 1;
    std::string normalise = "none"; ///< "none", "measured" or "imagenet"
    Augmentation augmentation{};
    FolderOptions pictures; ///< but for the size, of a folder of pictures only
    Schedule schedule = {}; ///< of the learning rate
    Recipe recipe = {};     ///< what else makes the steps

    bool operator==(const TrainingPlan&) const = default;
};

/// Every field of the plan, in the order of the option table, under "format": 1.
Json toJson(const TrainingPlan& plan);
/// Starts from the defaults; unknown keys, wrong types and values out of range are errors. \p source names
/// the file.
Expected<TrainingPlan> planFromJson(const Json& json, const std::string& source);
/// Reads and checks a plan file. Blocks.
Expected<TrainingPlan> readPlan(const std::string& file);

} // namespace torchdesk
