// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/torchheaders.h"
#include "core/model/model.h"

#include <memory>
#include <span>
#include <vector>

/// To add a layer: its description in core/model/layers/<family>.cpp, its LayerMaker in the file of the same
/// name here; a new family also gets a line in layers.cpp.
namespace torchdesk {

/// One walk through the network.
struct Pass
{
    bool training = false;
    std::uint64_t seed = 0; ///< with step and node, the key of dropout masks
    std::int64_t step = 0;  ///< global, from 1
    bool frozen = false;    ///< of this layer: its running figures stay, and are what it normalises with
};

/// What one node of the lowered model computes. Called by the thread that owns the network.
class Layer
{
public:
    virtual ~Layer() = default;
    /// \p inputs are the outputs of the node's inputs, batch first. Parameters that are not trained may be
    /// changed where \p pass is one of training and the layer not frozen.
    virtual at::Tensor forward(at::TensorList inputs, const Pass& pass) const = 0;
};

struct LayerMaker
{
    const char* kind;
    /// \p parameters follow LoweredNode::parameters; \p index is the node's place in the model.
    std::unique_ptr<Layer> (*make)(const LoweredNode& node, int index,
                                   const std::vector<at::Tensor>& parameters);
};

/// nullptr for a kind that the engine does not have.
const LayerMaker* findLayerMaker(std::string_view kind);

std::span<const LayerMaker> activationMakers();
std::span<const LayerMaker> convolutionMakers();
std::span<const LayerMaker> denseMakers();
std::span<const LayerMaker> joiningMakers();
std::span<const LayerMaker> normalisationMakers();
std::span<const LayerMaker> poolingMakers();
std::span<const LayerMaker> regularisationMakers();

} // namespace torchdesk
