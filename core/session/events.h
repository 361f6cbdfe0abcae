// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/model/tensor.h"
#include "core/run/confusion.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a trainer tells. Epochs and steps count from 1, accuracies are 0 … 1, losses are means over samples,
/// seconds are wall-clock. Values: copy them, hand them to any thread.
namespace torchdesk {

/// A way to do the steps of a run that was tried before the first one.
struct StepTried
{
    std::string step;   ///< as Started::step
    double seconds = 0; ///< of one step; NaN where its loss was not that of LibTorch in fp32: it is not taken

    bool operator==(const StepTried&) const = default;
};

/// The first event: what the run really uses.
struct Started
{
    std::string device;      ///< "cpu", "cuda:0"
    std::string deviceLabel; ///< "AMD EPYC, 2 threads", "NVIDIA RTX 4090"
    std::string step;        ///< which step does the work: "eager", "eager (bf16)", "lane (avx512)"
    std::int64_t threads = 0;
    std::int64_t epochs = 0;
    std::int64_t stepsPerEpoch = 0;
    std::int64_t trainSamples = 0;
    std::int64_t validationSamples = 0;
    std::int64_t testSamples = 0;
    std::vector<StepTried> tried = {}; ///< empty where there was nothing to choose

    bool operator==(const Started&) const = default;
};

/// One or many steps at once. losses, accuracies and seconds have one entry a step.
struct StepsDone
{
    std::int64_t epoch = 1;
    std::int64_t firstStep = 1; ///< global
    std::int64_t samples = 0;   ///< of all these steps together
    std::vector<float> losses;  ///< of each batch, dropout on; may hold a NaN as the last one
    std::vector<float> accuracies;
    std::vector<float> seconds; ///< of each step
    double learningRate = 0;

    std::int64_t lastStep() const { return firstStep + static_cast<std::int64_t>(losses.size()) - 1; }
    bool operator==(const StepsDone&) const = default;
};

/// The figures of a finished epoch; also a row of run.json.
struct EpochDone
{
    std::int64_t epoch = 1;
    std::int64_t lastStep = 0;
    double trainLoss = 0; ///< accumulated while the weights moved, dropout on
    double trainAccuracy = 0;
    std::optional<double> validationLoss; ///< nullopt without a validation part
    std::optional<double> validationAccuracy;
    double trainSeconds = 0; ///< training steps only: no validation, saving or pauses
    double learningRate = 0;
    bool best = false; ///< the best epoch so far
    /// Share with the label among the five largest; of more than 5 classes only.
    std::optional<double> validationTop5 = std::nullopt;
    /// Mean of the classes' F1; measured where it tells the best epoch.
    std::optional<double> validationF1 = std::nullopt;

    bool operator==(const EpochDone&) const = default;
};

/// Weights and optimizer state at one moment. Shared and unchanging.
struct Snapshot
{
    std::int64_t epoch = 0;
    std::int64_t step = 0;
    bool best = false;
    std::vector<NamedTensor> weights;   ///< parameters and buffers under the model's names
    std::vector<NamedTensor> optimizer; ///< "conv1.weight.exp_avg" …
    Json state = Json::object();        ///< counters of the optimizer, random states
};

struct SnapshotReady
{
    std::shared_ptr<const Snapshot> snapshot;

    bool operator==(const SnapshotReady&) const = default;
};

struct StateChanged
{
    enum class State
    {
        Running,
        Paused,
        Validating,
        Testing,
        Stopping
    };
    State state = State::Running;

    bool operator==(const StateChanged&) const = default;
};

/// A setting that took effect while running, from \c step on.
struct SettingChanged
{
    std::string id; ///< of the option table: "learning_rate"
    double value = 0;
    std::int64_t step = 0;

    bool operator==(const SettingChanged&) const = default;
};

struct Notice
{
    enum class Severity
    {
        Information,
        Warning
    };
    Severity severity = Severity::Information;
    std::string message;

    bool operator==(const Notice&) const = default;
};

enum class Outcome
{
    Completed,
    Stopped,
    Diverged,
    Failed
};

/// The last event, exactly one. A user's stop is an outcome, not an error.
struct Finished
{
    Outcome outcome = Outcome::Completed;
    std::string message; ///< one sentence for diverged and failed: what happened, which weights are kept
    std::int64_t lastStep = 0;
    std::int64_t bestEpoch = 0;     ///< 0: no epoch was finished
    std::optional<double> testLoss; ///< of the best weights
    std::optional<double> testAccuracy;
    std::optional<double> lastTestLoss; ///< of the last weights
    std::optional<double> lastTestAccuracy;
    std::optional<double> testTop5 = std::nullopt; ///< of the best weights, of more than 5 classes
    /// Of the best weights on the test data. No part of the JSON: the run's folder has it in a file of its
    /// own (confusion.json).
    std::optional<ConfusionMatrix> confusion = std::nullopt;

    bool operator==(const Finished&) const = default;
};

using Event = std::variant<Started, StepsDone, EpochDone, SnapshotReady, StateChanged, SettingChanged, Notice,
                           Finished>;

const char* outcomeName(Outcome outcome); ///< "completed", "stopped", "diverged", "failed"

/// One JSON object with "event": started, steps, epoch, snapshot, state, setting, notice or finished. What
/// was not measured or is not finite is null. A snapshot is written without its tensors (they are on disk).
Json toJson(const Event& event);
/// The last line of a run, with the folder as "run": what `train --json` prints in place of toJson(Event).
Json toJson(const Finished& finished, const std::filesystem::path& run);
/// Reads either form back. Unknown keys, missing keys and wrong types are errors; null is NaN where a number
/// is due. Never throws; any thread.
Expected<Event> eventFromJson(const Json& json);

} // namespace torchdesk
