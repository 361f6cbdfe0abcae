// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/events.h"

#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace torchdesk {

namespace {

/// Far beyond any run, and sums of two such counts stay within 64 bits.
constexpr std::int64_t mostCount = std::int64_t{1} << 60;

/// A number that must be there; null stands for one that is not finite.
void readReal(JsonReader& reader, const char* key, double& out)
{
    reader.require({key});
    std::optional<double> value;
    reader.read(key, value);
    out = value.value_or(std::numeric_limits<double>::quiet_NaN());
}

void readCount(JsonReader& reader, const char* key, std::int64_t& out, std::int64_t least = 0)
{
    reader.require({key});
    reader.read(key, out, least, mostCount);
}

/// null is 0: there was none.
void readCountOrNull(JsonReader& reader, const char* key, std::int64_t& out)
{
    const Json* value = reader.field(key);
    if (value && !value->is_null())
        readCount(reader, key, out);
    reader.require({key});
}

std::optional<float> asFloat(const Json& value)
{
    if (value.is_null())
        return std::numeric_limits<float>::quiet_NaN();
    if (!value.is_number())
        return std::nullopt;
    const double number = value.get<double>();
    if (std::abs(number) > static_cast<double>(std::numeric_limits<float>::max()))
        return std::nullopt;
    return static_cast<float>(number);
}

void readFloats(JsonReader& reader, const char* key, std::vector<float>& out)
{
    reader.require({key});
    const Json* values = reader.field(key);
    if (!values)
        return;
    if (!values->is_array())
        return reader.fail(key, shown(*values), "an array of numbers");
    out.clear();
    for (const Json& value : *values) {
        const auto number = asFloat(value);
        if (!number)
            return reader.fail(key, shown(value), "32-bit numbers or null");
        out.push_back(*number);
    }
}

/// A word out of a table of names.
template <class T, std::size_t N>
void readWord(JsonReader& reader, const char* key, const std::array<std::pair<const char*, T>, N>& words,
              T& out)
{
    reader.require({key});
    std::string word = words.front().first;
    reader.read(key, word);
    std::string all;
    for (const auto& [name, value] : words) {
        if (word == name) {
            out = value;
            return;
        }
        all += (all.empty() ? "" : ", ") + std::string(name);
    }
    reader.fail(key, shown(Json(word)), "one of " + all);
}

/// By name; runs that were recorded earlier have none.
std::vector<StepTried> readTrials(JsonReader& reader)
{
    std::vector<StepTried> trials;
    const Json* seconds = reader.field("steps_tried");
    if (seconds && !seconds->is_object())
        reader.fail("steps_tried", shown(*seconds), "an object of steps and their seconds");
    else if (seconds)
        for (const auto& [step, value] : seconds->items()) {
            if (!value.is_number() && !value.is_null())
                reader.fail("steps_tried", shown(value), "the seconds of a step or null");
            trials.push_back(
                {step, value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN()});
        }
    return trials;
}

Started readStarted(JsonReader& reader)
{
    Started started;
    reader.require({"device", "device_label", "step"});
    reader.read("device", started.device);
    reader.read("device_label", started.deviceLabel);
    reader.read("step", started.step);
    readCount(reader, "threads", started.threads);
    readCount(reader, "epochs", started.epochs);
    readCount(reader, "steps_per_epoch", started.stepsPerEpoch);
    readCount(reader, "train_samples", started.trainSamples);
    readCount(reader, "validation_samples", started.validationSamples);
    readCount(reader, "test_samples", started.testSamples);
    started.tried = readTrials(reader);
    return started;
}

StepsDone readSteps(JsonReader& reader)
{
    StepsDone steps;
    readCount(reader, "epoch", steps.epoch, 1);
    readCount(reader, "first_step", steps.firstStep, 1);
    readCount(reader, "samples", steps.samples);
    readFloats(reader, "losses", steps.losses);
    readFloats(reader, "accuracies", steps.accuracies);
    readFloats(reader, "seconds", steps.seconds);
    readReal(reader, "learning_rate", steps.learningRate);
    const std::size_t count = steps.losses.size();
    if (count == 0)
        reader.fail("losses", "an empty array", "one number a step");
    if (steps.accuracies.size() != count)
        reader.fail("accuracies", std::to_string(steps.accuracies.size()) + " numbers", "as many as losses");
    if (steps.seconds.size() != count)
        reader.fail("seconds", std::to_string(steps.seconds.size()) + " numbers", "as many as losses");
    return steps;
}

EpochDone readEpoch(JsonReader& reader)
{
    EpochDone epoch;
    readCount(reader, "epoch", epoch.epoch, 1);
    readReal(reader, "train_loss", epoch.trainLoss);
    readReal(reader, "train_accuracy", epoch.trainAccuracy);
    reader.read("validation_loss", epoch.validationLoss);
    reader.read("validation_accuracy", epoch.validationAccuracy);
    reader.read("validation_top5", epoch.validationTop5);
    reader.read("validation_f1", epoch.validationF1);
    readReal(reader, "train_seconds", epoch.trainSeconds);
    readCount(reader, "last_step", epoch.lastStep);
    readReal(reader, "learning_rate", epoch.learningRate);
    reader.require({"best"});
    reader.read("best", epoch.best);
    return epoch;
}

SnapshotReady readSnapshot(JsonReader& reader)
{
    const auto snapshot = std::make_shared<Snapshot>();
    readCount(reader, "epoch", snapshot->epoch);
    readCount(reader, "step", snapshot->step);
    reader.require({"best"});
    reader.read("best", snapshot->best);
    return SnapshotReady{snapshot};
}

StateChanged readState(JsonReader& reader)
{
    using State = StateChanged::State;
    static constexpr std::array<std::pair<const char*, State>, 5> words{{{"running", State::Running},
                                                                         {"paused", State::Paused},
                                                                         {"validating", State::Validating},
                                                                         {"testing", State::Testing},
                                                                         {"stopping", State::Stopping}}};
    StateChanged changed;
    readWord(reader, "state", words, changed.state);
    return changed;
}

SettingChanged readSetting(JsonReader& reader)
{
    SettingChanged setting;
    reader.require({"id"});
    reader.read("id", setting.id);
    readReal(reader, "value", setting.value);
    readCount(reader, "step", setting.step);
    return setting;
}

Notice readNotice(JsonReader& reader)
{
    using Severity = Notice::Severity;
    static constexpr std::array<std::pair<const char*, Severity>, 2> words{
        {{"information", Severity::Information}, {"warning", Severity::Warning}}};
    Notice notice;
    readWord(reader, "severity", words, notice.severity);
    reader.require({"message"});
    reader.read("message", notice.message);
    return notice;
}

Finished readFinished(JsonReader& reader)
{
    static constexpr std::array<std::pair<const char*, Outcome>, 4> words{{{"completed", Outcome::Completed},
                                                                           {"stopped", Outcome::Stopped},
                                                                           {"diverged", Outcome::Diverged},
                                                                           {"failed", Outcome::Failed}}};
    Finished finished;
    readWord(reader, "outcome", words, finished.outcome);
    std::string run; // where the line came from; not part of the value
    reader.read("run", run);
    reader.read("test_loss", finished.testLoss);
    reader.read("test_accuracy", finished.testAccuracy);
    reader.read("test_top5", finished.testTop5);
    reader.read("last_test_loss", finished.lastTestLoss);
    reader.read("last_test_accuracy", finished.lastTestAccuracy);
    readCountOrNull(reader, "best_epoch", finished.bestEpoch);
    readCountOrNull(reader, "last_step", finished.lastStep);
    reader.require({"message"});
    reader.read("message", finished.message);
    return finished;
}

Event readEvent(const std::string& name, JsonReader& reader)
{
    if (name == "started")
        return readStarted(reader);
    if (name == "steps")
        return readSteps(reader);
    if (name == "epoch")
        return readEpoch(reader);
    if (name == "snapshot")
        return readSnapshot(reader);
    if (name == "state")
        return readState(reader);
    if (name == "setting")
        return readSetting(reader);
    if (name == "notice")
        return readNotice(reader);
    if (name == "finished")
        return readFinished(reader);
    reader.fail("event", shown(Json(name)),
                "started, steps, epoch, snapshot, state, setting, notice or finished");
    return Notice{};
}

} // namespace

Expected<Event> eventFromJson(const Json& json)
{
    JsonReader reader(json, "event");
    std::string name;
    if (json.is_object()) {
        reader.require({"event"});
        reader.read("event", name);
    }
    Event event = readEvent(name, reader);
    if (const auto read = reader.finish(); !read)
        return failure(read);
    return event;
}

} // namespace torchdesk
