// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/layers/layer.h"

namespace torchdesk {

namespace {

class Linear final : public Layer
{
public:
    explicit Linear(const std::vector<at::Tensor>& parameters) : m_weight(parameters.at(0))
    {
        if (parameters.size() > 1)
            m_bias = parameters[1];
    }

    at::Tensor forward(at::TensorList inputs, const Pass&) const override
    {
        return at::linear(inputs[0], m_weight, m_bias);
    }

private:
    at::Tensor m_weight;
    at::Tensor m_bias; ///< undefined where the layer has none
};

class Flatten final : public Layer
{
public:
    at::Tensor forward(at::TensorList inputs, const Pass&) const override
    {
        return at::flatten(inputs[0], 1);
    }
};

} // namespace

std::span<const LayerMaker> denseMakers()
{
    static constexpr LayerMaker makers[] = {
        {"linear",
         [](const LoweredNode&, int, const std::vector<at::Tensor>& parameters) -> std::unique_ptr<Layer> {
             return std::make_unique<Linear>(parameters);
         }},
        {"flatten",
         [](const LoweredNode&, int, const std::vector<at::Tensor>&) -> std::unique_ptr<Layer> {
             return std::make_unique<Flatten>();
         }},
    };
    return makers;
}

} // namespace torchdesk
