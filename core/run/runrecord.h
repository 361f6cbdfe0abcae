// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/preprocessing.h"
#include "core/model/model.h"
#include "core/plan/trainingplan.h"
#include "core/session/events.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string_view>

namespace torchdesk {

/// The content of run.json: what a run is and how far it has come.
struct RunRecord
{
    static constexpr std::int64_t format = 1; ///< a larger one is a newer version: refused with that reason

    std::string name; ///< shown; the user may rename it
    TrainingPlan plan;
    std::string modelLabel;
    std::string dataLabel;
    std::string dataFingerprint;
    /// The accuracy of always answering the commonest class; runs of earlier versions have none.
    std::optional<double> commonestShare = {};
    double startedAt = 0; ///< seconds since 1970
    double endedAt = 0;   ///< 0 while it runs
    std::optional<Started> started;
    std::vector<EpochDone> epochs;
    std::optional<Finished> finished;               ///< nullopt: runs, or ended without a word (a crash)
    std::map<std::string, std::string> environment; ///< host, processor, libtorch, torchdesk, device …

    std::int64_t bestEpoch() const; ///< 0: none
    bool operator==(const RunRecord&) const = default;
};

Json toJson(const RunRecord& record);
Expected<RunRecord> runRecordFromJson(const Json& json, const std::string& source);

/// The content of model.json: what is needed to use the weights when models/ has changed.
struct RunModel
{
    LoweredModel model;
    std::vector<std::string> classes;
    Preprocessing preprocessing;

    bool operator==(const RunModel&) const = default;
};

Json toJson(const RunModel& model);
Expected<RunModel> runModelFromJson(const Json& json, const std::string& source);

/// The validation's figure of that name ("accuracy", "f1", "top5") where there is one; none for "loss", which
/// is better the lower it is.
std::optional<double> risingFigure(const EpochDone& epoch, std::string_view name);

/// True where \p candidate beats \p best: by the figure of that name, then a higher validation accuracy, then
/// a lower validation loss, then the earlier epoch. Without validation the later epoch is the best.
bool isBetter(const EpochDone& candidate, const EpochDone& best, std::string_view by = "accuracy");

} // namespace torchdesk
