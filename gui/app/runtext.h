// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan/trainingplan.h"
#include "core/run/runfolder.h"
#include "core/session/events.h"

#include <QString>
#include <filesystem>

namespace torchdesk {

/// "lenet-mnist": the folder's name without its time, or model and data where there is no folder yet.
QString runName(const std::filesystem::path& folder, const TrainingPlan& plan);
/// The name in run.json, which can be changed; the folder's where that cannot be read.
QString runName(const RunSummary& run);
/// The same, read from disk.
QString storedRunName(const std::filesystem::path& run);
/// "always answering the commonest class: 91 %", the dotted line of an accuracy chart.
QString commonestText(double share);
/// "Test accuracy 98.9 % (best epoch 17), 34 s", or what else became of a run.
QString finishedText(const Finished& finished, const TrainingPlan& plan, double seconds);
/// Its top-5 accuracy as a sentence; "" where it has none (no test, or 5 classes or fewer).
QString topFiveText(const Finished& finished);

} // namespace torchdesk
