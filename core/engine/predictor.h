// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/batch.h"
#include "core/engine/laneforward.h"
#include "core/engine/network.h"
#include "core/session/engine.h"

namespace torchdesk {

/// A network with weights that only answers. Sets the number of threads of the calling thread for each call:
/// one for a handful of samples, so that a drawn digit does not disturb a training, else one for each core,
/// and lanes where they are faster, which the first such call finds out.
class LibTorchPredictor final : public Predictor
{
public:
    LibTorchPredictor(const LoweredModel& model, Network network, const Preprocessing& preprocessing);

    Expected<std::vector<float>> logits(std::span<const std::uint8_t> samples, std::int64_t count) override;
    Expected<Evaluation> evaluate(const SampleStore& store, std::span<const std::int64_t> indices,
                                  std::stop_token stop) override;

private:
    /// \p attempt: asks for the logits of some of the samples that the call is about.
    Forward& forwardFor(std::int64_t samples, const std::function<at::Tensor(Forward&)>& attempt);
    /// Logits on the processor for samples \p indices of \p samples (bytes, one sample a row), which lie on
    /// the device.
    at::Tensor answer(Forward& forward, const at::Tensor& samples, const at::Tensor& indices);

    LoweredModel m_model;
    Network m_network;
    NetworkForward m_byNetwork{m_network};
    std::unique_ptr<LaneForward> m_byLanes; ///< null: not found out, or not faster
    bool m_triedLanes = false;
    Normaliser m_normaliser;
    std::int64_t m_sampleBytes;
};

Expected<std::unique_ptr<Predictor>> openPredictor(const LoweredModel& model,
                                                   const Preprocessing& preprocessing,
                                                   const std::vector<NamedTensor>& tensors,
                                                   const std::string& device);

} // namespace torchdesk
