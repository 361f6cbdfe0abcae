// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/model/layers/families.h"
#include "core/model/layers/support.h"

#include <fmt/format.h>

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

/// Not 0 below zero, but that share of its input.
LayerSpec leakyRelu()
{
    LayerSpec spec = activation("leakyrelu", "");
    spec.attributes = {layers::real("slope", 0, 1, 0.01)};
    spec.python = [](const LoweredNode& node, const Shape&) {
        return fmt::format("nn.LeakyReLU({})", toText(node.attribute<double>("slope")));
    };
    return spec;
}

} // namespace

std::vector<LayerSpec> activationLayers()
{
    return {activation("relu", "nn.ReLU()"), leakyRelu(), activation("relu6", "nn.ReLU6()"),
            activation("tanh", "nn.Tanh()"), activation("sigmoid", "nn.Sigmoid()")};
}

} // namespace torchdesk
