// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layers/families.h"
#include "core/model/layers/support.h"

namespace torchdesk {

namespace {

/// An activation without attributes: it leaves the shape and stands behind the layer before it.
LayerSpec activation(const std::string& kind, const std::string& python)
{
    LayerSpec spec;
    spec.kind = kind;
    spec.infer = layers::keepShape;
    spec.summary = [kind](const LoweredNode&) { return kind; };
    spec.python = [python](const LoweredNode&, const Shape&) { return python; };
    spec.joint = " + ";
    return spec;
}

} // namespace

std::vector<LayerSpec> activationLayers()
{
    return {activation("relu", "nn.ReLU()"), activation("relu6", "nn.ReLU6()"),
            activation("tanh", "nn.Tanh()"), activation("sigmoid", "nn.Sigmoid()")};
}

} // namespace torchdesk
