// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/layers/layer.h"

namespace torchdesk {

namespace {

using Pair = std::vector<std::int64_t>;

class MaxPool2d final : public Layer
{
public:
    explicit MaxPool2d(const LoweredNode& node)
        : m_kernel(node.attribute<Pair>("kernel")), m_stride(node.attribute<Pair>("stride")),
          m_padding(node.attribute<Pair>("padding"))
    {}

    at::Tensor forward(at::TensorList inputs, const Pass&) const override
    {
        return at::max_pool2d(inputs[0], m_kernel, m_stride, m_padding);
    }

private:
    Pair m_kernel;
    Pair m_stride;
    Pair m_padding;
};

} // namespace

std::span<const LayerMaker> poolingMakers()
{
    static constexpr LayerMaker makers[] = {
        {"maxpool2d",
         [](const LoweredNode& node, int, const std::vector<at::Tensor>&) -> std::unique_ptr<Layer> {
             return std::make_unique<MaxPool2d>(node);
         }},
    };
    return makers;
}

} // namespace torchdesk
