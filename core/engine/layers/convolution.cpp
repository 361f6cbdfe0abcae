// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/layers/layer.h"

namespace torchdesk {

namespace {

using Pair = std::vector<std::int64_t>;

class Conv2d final : public Layer
{
public:
    Conv2d(const LoweredNode& node, const std::vector<at::Tensor>& parameters)
        : m_weight(parameters.at(0)), m_stride(node.attribute<Pair>("stride")),
          m_padding(node.attribute<Pair>("padding")), m_groups(node.attribute<std::int64_t>("groups"))
    {
        if (parameters.size() > 1)
            m_bias = parameters[1];
    }

    at::Tensor forward(at::TensorList inputs, const Pass&) const override
    {
        return at::conv2d(inputs[0], m_weight, m_bias, m_stride, m_padding, {1, 1}, m_groups);
    }

private:
    at::Tensor m_weight;
    at::Tensor m_bias; ///< undefined where the layer has none
    Pair m_stride;
    Pair m_padding;
    std::int64_t m_groups;
};

} // namespace

std::span<const LayerMaker> convolutionMakers()
{
    static constexpr LayerMaker makers[] = {
        {"conv2d",
         [](const LoweredNode& node, int, const std::vector<at::Tensor>& parameters)
             -> std::unique_ptr<Layer> { return std::make_unique<Conv2d>(node, parameters); }},
    };
    return makers;
}

} // namespace torchdesk
