// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/libtorchengine.h"

#include "core/engine/devices.h"
#include "core/engine/measure.h"
#include "core/engine/predictor.h"
#include "core/engine/statedict.h"
#include "core/engine/torcherror.h"
#include "core/engine/trainer.h"
#include "core/engine/trainingsetup.h"
#include "core/formats/statedict.h"

namespace torchdesk {

EngineInfo LibTorchEngine::info() const
{
    try {
        return engineInfo();
    } catch (...) {
        EngineInfo info;
        info.name = "LibTorch";
        info.whyNoCuda = errorOf(std::current_exception(), "CUDA could not be asked").message;
        return info;
    }
}

std::vector<DeviceInfo> LibTorchEngine::devices() const
{
    auto found = guarded("The devices could not be listed",
                         []() -> Expected<std::vector<DeviceInfo>> { return listDevices(); });
    return found ? std::move(*found) : std::vector<DeviceInfo>{DeviceInfo{"cpu", "Processor", 0, 0, ""}};
}

Expected<void> LibTorchEngine::check(const TrainingJob& job)
{
    return guarded(
        "The model could not be built", [&] { return checkJob(job); }, smallerModel);
}

Expected<Measurement> LibTorchEngine::measure(const TrainingJob& job, std::stop_token stop)
{
    return guarded("The plan could not be measured", [&] { return measureJob(job, stop); });
}

Expected<std::unique_ptr<Trainer>> LibTorchEngine::createTrainer(TrainingJob job,
                                                                 std::shared_ptr<EventSink> sink)
{
    const auto make = [&]() -> Expected<std::unique_ptr<Trainer>> {
        if (auto checked = checkJob(job); !checked)
            return failure(checked);
        return std::make_unique<LibTorchTrainer>(std::move(job), std::move(sink));
    };
    return guarded("The training could not be prepared", make, smallerModel);
}

Expected<std::unique_ptr<Predictor>> LibTorchEngine::open(const LoweredModel& model,
                                                          const Preprocessing& preprocessing,
                                                          const std::vector<NamedTensor>& tensors,
                                                          const std::string& device)
{
    return guarded(
        "The network could not be opened",
        [&] { return openPredictor(model, preprocessing, tensors, device); }, smallerModel);
}

Expected<Bytes> LibTorchEngine::toStateDict(const std::vector<NamedTensor>& tensors)
{
    return guarded("The state dict could not be made",
                   [&]() -> Expected<Bytes> { return writeStateDict(tensors); });
}

Expected<std::vector<NamedTensor>> LibTorchEngine::fromStateDict(std::span<const std::byte> bytes,
                                                                 const std::string& source)
{
    auto read = readStateDict(bytes, source);
    if (!read)
        return failure(read);
    return std::move(read->tensors);
}

} // namespace torchdesk
