// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

namespace torchdesk {

/// The Engine of LibTorch. Holds nothing itself: each call and each trainer owns what it uses.
class LibTorchEngine final : public Engine
{
public:
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
};

} // namespace torchdesk
