// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

namespace torchdesk {

/// What the fake trainer does. It follows the contract (its own thread, commands between steps) with made-up
/// curves. As JSON the keys are seconds_per_step, steps_per_event, nan_at_step …; every one may be left out.
struct FakeScript
{
    double secondsPerStep = 0;              ///< waited for, and ended at once by a stop
    std::int64_t stepsPerEvent = 1;         ///< how many steps a StepsDone holds
    std::optional<std::int64_t> nanAtStep;  ///< diverges there
    std::optional<std::int64_t> failAtStep; ///< Finished{Failed} there
    std::string failure = "The device ran out of memory: a smaller batch needs less."; ///< its message
    double validationSeconds = 0;                                                      ///< a slow epoch
    std::int64_t weightBytes =
        4096; ///< of the optimizer's state in each snapshot, beside the model's real weights
    std::optional<Error> checkFails;  ///< what check() answers
    std::optional<Error> createFails; ///< what createTrainer() answers
};

/// The fake beside the interface that it stands for: for tests of session, window and command line without
/// LibTorch. Weights have the model's names and shapes; predictions follow from the bytes of sample and
/// weights alone; a state dict is a safetensors file. Where the fake is loaded as a module (TORCHDESK_ENGINE
/// names torchdesk_fake_engine.so), the script comes from TORCHDESK_FAKE_SCRIPT: JSON, or the path of a JSON
/// file.
class FakeEngine final : public Engine
{
public:
    explicit FakeEngine(FakeScript script = {});

    EngineInfo info() const override;
    std::vector<DeviceInfo> devices() const override;
    Expected<void> check(const TrainingJob& job) override;
    Expected<Measurement> measure(const TrainingJob& job, std::stop_token stop) override;
    Expected<std::unique_ptr<Trainer>> createTrainer(TrainingJob job,
                                                     std::shared_ptr<EventSink> sink) override;
    Expected<std::unique_ptr<Predictor>> open(const LoweredModel& model, const Preprocessing& preprocessing,
                                              const std::vector<NamedTensor>& tensors,
                                              const std::string& device) override;
    Expected<Bytes> toStateDict(const std::vector<NamedTensor>& tensors) override;
    Expected<std::vector<NamedTensor>> fromStateDict(std::span<const std::byte> bytes,
                                                     const std::string& source) override;

private:
    FakeScript m_script;
};

Expected<FakeScript> fakeScriptFromJson(const Json& json);
/// The script that TORCHDESK_FAKE_SCRIPT holds or names; the default script where it is not set.
Expected<FakeScript> fakeScriptFromEnvironment();

} // namespace torchdesk
