// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/layers/layer.h"

namespace torchdesk {

namespace {

/// An activation that is one function of ATen.
template <at::Tensor (*function)(const at::Tensor&)>
class Activation final : public Layer
{
public:
    at::Tensor forward(at::TensorList inputs, const Pass&) const override { return function(inputs[0]); }
};

class LeakyRelu final : public Layer
{
public:
    explicit LeakyRelu(const LoweredNode& node) : m_slope(node.attribute<double>("slope")) {}
    at::Tensor forward(at::TensorList inputs, const Pass&) const override
    {
        return at::leaky_relu(inputs[0], m_slope);
    }

private:
    double m_slope;
};

template <at::Tensor (*function)(const at::Tensor&)>
std::unique_ptr<Layer> make(const LoweredNode&, int, const std::vector<at::Tensor>&)
{
    return std::make_unique<Activation<function>>();
}

} // namespace

std::span<const LayerMaker> activationMakers()
{
    static constexpr LayerMaker makers[] = {
        {"relu", make<at::relu>},
        {"leakyrelu",
         [](const LoweredNode& node, int, const std::vector<at::Tensor>&) -> std::unique_ptr<Layer> {
             return std::make_unique<LeakyRelu>(node);
         }},
        {"relu6", make<at::relu6>},
        {"tanh", make<at::tanh>},
        {"sigmoid", make<at::sigmoid>},
    };
    return makers;
}

} // namespace torchdesk
