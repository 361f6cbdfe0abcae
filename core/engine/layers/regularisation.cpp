// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/dropoutmask.h"
#include "core/engine/layers/layer.h"

namespace torchdesk {

namespace {

class Dropout final : public Layer
{
public:
    Dropout(const LoweredNode& node, int index)
        : m_probability(node.attribute<double>("p")), m_index(static_cast<std::uint32_t>(index))
    {}

    at::Tensor forward(at::TensorList inputs, const Pass& pass) const override
    {
        const at::Tensor& input = inputs[0];
        if (!pass.training || m_probability == 0)
            return input;
        const DropoutKey key{pass.seed, static_cast<std::uint64_t>(pass.step), m_index};
        return at::mul(input, dropoutMask(input.sizes(), input.options(), key, m_probability));
    }

private:
    double m_probability;
    std::uint32_t m_index;
};

} // namespace

std::span<const LayerMaker> regularisationMakers()
{
    static constexpr LayerMaker makers[] = {
        {"dropout",
         [](const LoweredNode& node, int index, const std::vector<at::Tensor>&) -> std::unique_ptr<Layer> {
             return std::make_unique<Dropout>(node, index);
         }},
    };
    return makers;
}

} // namespace torchdesk
