// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/layers/layer.h"

namespace torchdesk {

namespace {

class BatchNorm2d final : public Layer
{
public:
    BatchNorm2d(const LoweredNode& node, const std::vector<at::Tensor>& parameters)
        : m_weight(parameters.at(0)), m_bias(parameters.at(1)), m_mean(parameters.at(2)),
          m_variance(parameters.at(3)), m_momentum(node.attribute<double>("momentum")),
          m_epsilon(node.attribute<double>("eps"))
    {}

    /// While something is learned, the running mean and variance move towards those of the batch. One value a
    /// channel (a last batch of one sample, at 1×1) has no variance, and would make the running one NaN: it
    /// is taken as when nothing is learned.
    at::Tensor forward(at::TensorList inputs, const Pass& pass) const override
    {
        constexpr bool cudnn = true; // passed over where there is none
        const bool learns = pass.training && !pass.frozen;
        const bool ofBatch = learns && inputs[0].numel() > inputs[0].size(1);
        return at::batch_norm(inputs[0], m_weight, m_bias, m_mean, m_variance, ofBatch, m_momentum, m_epsilon,
                              cudnn);
    }

private:
    at::Tensor m_weight;
    at::Tensor m_bias;
    at::Tensor m_mean;
    at::Tensor m_variance;
    double m_momentum;
    double m_epsilon;
};

} // namespace

std::span<const LayerMaker> normalisationMakers()
{
    static constexpr LayerMaker makers[] = {
        {"batchnorm2d",
         [](const LoweredNode& node, int, const std::vector<at::Tensor>& parameters)
             -> std::unique_ptr<Layer> { return std::make_unique<BatchNorm2d>(node, parameters); }},
    };
    return makers;
}

} // namespace torchdesk
