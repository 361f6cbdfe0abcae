// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/layers/layer.h"

namespace torchdesk {

namespace {

class Relu final : public Layer
{
public:
    at::Tensor forward(at::TensorList inputs, const Pass&) const override { return at::relu(inputs[0]); }
};

} // namespace

std::span<const LayerMaker> activationMakers()
{
    static constexpr LayerMaker makers[] = {
        {"relu",
         [](const LoweredNode&, int, const std::vector<at::Tensor>&) -> std::unique_ptr<Layer> {
             return std::make_unique<Relu>();
         }},
    };
    return makers;
}

} // namespace torchdesk
