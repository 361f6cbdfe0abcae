// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/batch.h"
#include "core/engine/network.h"
#include "core/session/engine.h"

namespace torchdesk {

/// A network with weights that only answers. Sets the number of threads of the calling thread for each call:
/// one for a handful of samples, so that a drawn digit does not disturb a training, else one for each core.
class LibTorchPredictor final : public Predictor
{
public:
    LibTorchPredictor(Network network, const Preprocessing& preprocessing, std::int64_t classes);

    Expected<std::vector<float>> logits(std::span<const std::uint8_t> samples, std::int64_t count) override;
    Expected<Evaluation> evaluate(const SampleStore& store, std::span<const std::int64_t> indices,
                                  std::stop_token stop) override;

private:
    /// Logits on the processor for samples \p indices of \p samples (bytes, one sample a row), which lie on
    /// the device.
    at::Tensor forward(const at::Tensor& samples, const at::Tensor& indices);

    Network m_network;
    Normaliser m_normaliser;
    std::int64_t m_classes;
    std::int64_t m_sampleBytes;
};

Expected<std::unique_ptr<Predictor>> openPredictor(const LoweredModel& model,
                                                   const Preprocessing& preprocessing,
                                                   const std::vector<NamedTensor>& tensors,
                                                   const std::string& device);

} // namespace torchdesk
