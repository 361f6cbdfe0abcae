// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/classbalance.h"
#include "core/session/shorterplans.h"
#include "gui/bridge/folderfacts.h"

#include <QString>
#include <memory>
#include <optional>
#include <vector>

namespace torchdesk {

/// What is known about the plan of the form: the line above Train. A value.
struct Verdict
{
    enum class State
    {
        Checking, ///< no answer yet
        Ready,    ///< may be trained; the measurement may still be to come
        Wrong,    ///< message says what is wrong and why
    };
    State state = State::Checking;
    std::string message;      ///< Wrong: the sentence. Checking: what is being done, "" for nothing to say
    std::string field;        ///< Wrong: the option at which the sentence belongs, "" where there is none
    bool dataMissing = false; ///< choosing another folder may help
    std::optional<std::int64_t> parameters; ///< known as soon as the model fits the data
    std::shared_ptr<const TrainingJob> job; ///< Ready: what would be trained
    std::optional<Measurement> measurement;
    bool stopped = false;          ///< Wrong: because the person stopped the reading of the data
    std::vector<ClassParts> parts; ///< Ready, of a folder of pictures: what each class is divided into
    std::optional<ClassImbalance> imbalance; ///< of the samples that would train, whatever the plan does
    std::vector<ShorterPlan> shorter;        ///< what may be offered where the measurement is long
    std::optional<TrainingPlan> fitting; ///< Wrong: the plan with pictures of the size that its model takes
};

/// Another plan that the person may want: a button below the verdict.
struct PlanOffer
{
    QString text; ///< "A tenth of the pictures, about 3 min", "Scale the pictures to 224×224"
    TrainingPlan plan;

    bool operator==(const PlanOffer&) const = default;
};

std::vector<PlanOffer> offersOf(const Verdict& verdict);
/// "44,426 parameters · 0.2 GB of 23 GB · about 2 s an epoch, 10 s in all (measured)", or what is wrong.
QString verdictText(const Verdict& verdict, const std::vector<DeviceInfo>& devices);

} // namespace torchdesk
