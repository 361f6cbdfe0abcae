// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/loglines.h"

#include "core/base/text.h"

#include <fmt/format.h>

namespace torchdesk {

namespace {

std::string line(const Started& started)
{
    return fmt::format(
        "Training starts on {} ({}), {} step, {} threads: {} epochs of {} steps, {} samples for training, "
        "{} for validation, {} for the test.",
        started.device, started.deviceLabel, started.step, started.threads, started.epochs,
        started.stepsPerEpoch, grouped(started.trainSamples), grouped(started.validationSamples),
        grouped(started.testSamples));
}

std::string line(const EpochDone& epoch)
{
    std::string text = fmt::format("Epoch {} (step {}): loss {}, accuracy {}", epoch.epoch, epoch.lastStep,
                                   lossText(epoch.trainLoss), percent(epoch.trainAccuracy));
    if (epoch.validationLoss && epoch.validationAccuracy)
        text += fmt::format("; validation loss {}, accuracy {}", lossText(*epoch.validationLoss),
                            percent(*epoch.validationAccuracy));
    if (epoch.validationTop5)
        text += fmt::format(", top-5 accuracy {}", percent(*epoch.validationTop5));
    if (epoch.validationF1)
        text += fmt::format(", mean F1 {}", percent(*epoch.validationF1));
    return text + fmt::format("; {} of training{}.", duration(epoch.trainSeconds),
                              epoch.best ? "; best so far" : "");
}

std::string line(const StateChanged& changed)
{
    using State = StateChanged::State;
    switch (changed.state) {
    case State::Running:
        return "Running.";
    case State::Paused:
        return "Paused.";
    case State::Stopping:
        return "Stopping.";
    case State::Testing:
        return "Testing.";
    case State::Validating:
        break; // once an epoch: the epoch's own line says enough
    }
    return {};
}

std::string line(const SettingChanged& setting)
{
    return fmt::format("{} is {} from step {} on.", setting.id, toText(setting.value), setting.step);
}

std::string line(const Notice& notice)
{
    return (notice.severity == Notice::Severity::Warning ? "Warning: " : "") + notice.message;
}

std::string line(const Finished& finished)
{
    std::string text =
        fmt::format("The training ends at step {}: {}.", finished.lastStep, outcomeName(finished.outcome));
    if (!finished.message.empty())
        text += " " + finished.message;
    if (finished.testLoss && finished.testAccuracy)
        text += fmt::format(
            " Test with the weights of epoch {}: loss {}, accuracy {}{}.", finished.bestEpoch,
            lossText(*finished.testLoss), percent(*finished.testAccuracy),
            finished.testTop5 ? fmt::format(", top-5 accuracy {}", percent(*finished.testTop5)) : "");
    return text;
}

std::string line(const StepsDone&)
{
    return {};
}

std::string line(const SnapshotReady&)
{
    return {};
}

} // namespace

std::string logLine(const Event& event)
{
    return std::visit([](const auto& one) { return line(one); }, event);
}

} // namespace torchdesk
