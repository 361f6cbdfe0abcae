// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/layers/layer.h"

namespace torchdesk {

namespace {

class Add final : public Layer
{
public:
    at::Tensor forward(at::TensorList inputs, const Pass&) const override
    {
        at::Tensor sum = inputs[0];
        for (const at::Tensor& input : inputs.slice(1))
            sum = at::add(sum, input);
        return sum;
    }
};

class Concat final : public Layer
{
public:
    at::Tensor forward(at::TensorList inputs, const Pass&) const override { return at::cat(inputs, 1); }
};

} // namespace

std::span<const LayerMaker> joiningMakers()
{
    static constexpr LayerMaker makers[] = {
        {"add",
         [](const LoweredNode&, int, const std::vector<at::Tensor>&) -> std::unique_ptr<Layer> {
             return std::make_unique<Add>();
         }},
        {"concat",
         [](const LoweredNode&, int, const std::vector<at::Tensor>&) -> std::unique_ptr<Layer> {
             return std::make_unique<Concat>();
         }},
    };
    return makers;
}

} // namespace torchdesk
