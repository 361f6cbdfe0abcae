// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/events.h"

#include "core/base/files.h"

#include <charconv>
#include <cmath>

namespace torchdesk {

namespace {

Json eventNamed(const char* name)
{
    Json json = Json::object();
    json["event"] = name;
    return json;
}

/// The double whose shortest text is that of the float, so that 0.1f is written as 0.1 and reads back as
/// 0.1f.
Json fromFloat(float value)
{
    if (!std::isfinite(value))
        return nullptr;
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    double shortest = 0;
    std::from_chars(text, end, shortest);
    return static_cast<float>(shortest) == value ? shortest : static_cast<double>(value);
}

Json fromFloats(const std::vector<float>& values)
{
    Json json = Json::array();
    for (const float value : values)
        json.push_back(fromFloat(value));
    return json;
}

Json optional(const std::optional<double>& value)
{
    return value ? finiteOrNull(*value) : Json(nullptr);
}

const char* stateName(StateChanged::State state)
{
    switch (state) {
    case StateChanged::State::Running:
        return "running";
    case StateChanged::State::Paused:
        return "paused";
    case StateChanged::State::Validating:
        return "validating";
    case StateChanged::State::Testing:
        return "testing";
    case StateChanged::State::Stopping:
        return "stopping";
    }
    return "running";
}

Json fromTrials(const std::vector<StepTried>& trials)
{
    Json seconds = Json::object();
    for (const StepTried& trial : trials)
        seconds[trial.step] = finiteOrNull(trial.seconds);
    return seconds;
}

Json write(const Started& started)
{
    Json json = eventNamed("started");
    json["device"] = started.device;
    json["device_label"] = started.deviceLabel;
    json["step"] = started.step;
    json["threads"] = started.threads;
    json["epochs"] = started.epochs;
    json["steps_per_epoch"] = started.stepsPerEpoch;
    json["train_samples"] = started.trainSamples;
    json["validation_samples"] = started.validationSamples;
    json["test_samples"] = started.testSamples;
    if (!started.tried.empty())
        json["steps_tried"] = fromTrials(started.tried);
    return json;
}

Json write(const StepsDone& steps)
{
    Json json = eventNamed("steps");
    json["epoch"] = steps.epoch;
    json["first_step"] = steps.firstStep;
    json["samples"] = steps.samples;
    json["losses"] = fromFloats(steps.losses);
    json["accuracies"] = fromFloats(steps.accuracies);
    json["seconds"] = fromFloats(steps.seconds);
    json["learning_rate"] = finiteOrNull(steps.learningRate);
    return json;
}

Json write(const EpochDone& epoch)
{
    Json json = eventNamed("epoch");
    json["epoch"] = epoch.epoch;
    json["train_loss"] = finiteOrNull(epoch.trainLoss);
    json["train_accuracy"] = finiteOrNull(epoch.trainAccuracy);
    json["validation_loss"] = optional(epoch.validationLoss);
    json["validation_accuracy"] = optional(epoch.validationAccuracy);
    if (epoch.validationTop5)
        json["validation_top5"] = finiteOrNull(*epoch.validationTop5);
    if (epoch.validationF1)
        json["validation_f1"] = finiteOrNull(*epoch.validationF1);
    json["train_seconds"] = finiteOrNull(epoch.trainSeconds);
    json["last_step"] = epoch.lastStep;
    json["learning_rate"] = finiteOrNull(epoch.learningRate);
    json["best"] = epoch.best;
    return json;
}

Json write(const SnapshotReady& ready)
{
    const Snapshot nothing;
    const Snapshot& snapshot = ready.snapshot ? *ready.snapshot : nothing;
    Json json = eventNamed("snapshot");
    json["epoch"] = snapshot.epoch;
    json["step"] = snapshot.step;
    json["best"] = snapshot.best;
    return json;
}

Json write(const StateChanged& changed)
{
    Json json = eventNamed("state");
    json["state"] = stateName(changed.state);
    return json;
}

Json write(const SettingChanged& setting)
{
    Json json = eventNamed("setting");
    json["id"] = setting.id;
    json["value"] = finiteOrNull(setting.value);
    json["step"] = setting.step;
    return json;
}

Json write(const Notice& notice)
{
    Json json = eventNamed("notice");
    json["severity"] = notice.severity == Notice::Severity::Warning ? "warning" : "information";
    json["message"] = notice.message;
    return json;
}

Json finishedJson(const Finished& finished, const std::filesystem::path* run)
{
    Json json = eventNamed("finished");
    json["outcome"] = outcomeName(finished.outcome);
    if (run)
        json["run"] = pathText(*run);
    json["test_loss"] = optional(finished.testLoss);
    json["test_accuracy"] = optional(finished.testAccuracy);
    if (finished.testTop5)
        json["test_top5"] = finiteOrNull(*finished.testTop5);
    json["last_test_loss"] = optional(finished.lastTestLoss);
    json["last_test_accuracy"] = optional(finished.lastTestAccuracy);
    json["best_epoch"] = countOrNull(finished.bestEpoch);
    json["last_step"] = countOrNull(finished.lastStep);
    json["message"] = finished.message;
    return json;
}

Json write(const Finished& finished)
{
    return finishedJson(finished, nullptr);
}

} // namespace

const char* outcomeName(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Completed:
        return "completed";
    case Outcome::Stopped:
        return "stopped";
    case Outcome::Diverged:
        return "diverged";
    case Outcome::Failed:
        return "failed";
    }
    return "failed";
}

Json toJson(const Event& event)
{
    return std::visit([](const auto& one) { return write(one); }, event);
}

Json toJson(const Finished& finished, const std::filesystem::path& run)
{
    return finishedJson(finished, &run);
}

} // namespace torchdesk
