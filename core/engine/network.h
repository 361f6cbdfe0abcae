// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/engine/layers/layer.h"

#include <memory>
#include <vector>

namespace torchdesk {

struct NetworkParameter
{
    ParameterSpec spec;
    at::Tensor value; ///< requires grad where it is trained
    int node = 0;     ///< of the model, that it belongs to
    bool frozen = false;

    bool trained() const { return spec.trainable && !frozen; }
};

/// The lowered model as tensors and layers on one device. Belongs to one thread at a time; may throw
/// c10::Error.
class Network
{
public:
    /// Parameters are allocated, not filled: initialise() or load() comes next. An error names a layer that
    /// the engine does not have.
    static Expected<Network> build(const LoweredModel& model, at::Device device);

    /// Keeps the channels of a picture side by side in memory while computing; results are the same but for
    /// rounding.
    void setChannelsLast(bool on) { m_channelsLast = on; }
    /// \p input: batch × channels × height × width. Returns the last node's output: batch × classes logits.
    at::Tensor forward(const at::Tensor& input, const Pass& pass) const;

    const std::vector<NetworkParameter>& parameters() const { return m_parameters; }
    std::vector<at::Tensor>
    parameterTensors() const; ///< of those that are trained, in the order of parameters()
    /// From now on the first \p nodes keep parameters and running figures, and no gradients are computed for
    /// them: batch normalisation there computes as when nothing is learned, dropout goes on. 0 releases all.
    void freeze(int nodes);
    at::Device device() const { return m_device; }
    /// Samples that go through at once when nothing is learned: 500, fewer where their values would take more
    /// than 256 MiB.
    std::int64_t evaluationBatch() const { return m_evaluationBatch; }

    /// Copies weights in: every name, shape and type is compared, none may be missing or over.
    Expected<void> load(const std::vector<NamedTensor>& tensors);
    /// Copies those that are there over the first weights: names of the model, shapes and types are compared.
    Expected<void> loadSome(const std::vector<NamedTensor>& tensors);
    std::vector<NamedTensor> weights() const;
    bool allFinite() const;

private:
    struct Node
    {
        std::vector<int> inputs;
        std::unique_ptr<Layer> layer; ///< nullptr for the input
        int lastUse = 0;              ///< after this node the output may go
    };

    explicit Network(at::Device device) : m_device(device) {}
    Expected<void> add(const LoweredNode& node, int index);

    at::Device m_device;
    std::int64_t m_evaluationBatch = 1;
    bool m_channelsLast = false;
    int m_frozen = 0; ///< nodes
    std::vector<Node> m_nodes;
    std::vector<NetworkParameter> m_parameters;
};

} // namespace torchdesk
