// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/optimizer.h"

namespace torchdesk {

namespace {

/// Stochastic gradient descent as torch.optim.SGD does it: v = momentum × v + (g + weightDecay × w), w -=
/// rate × v.
class Sgd final : public Optimizer
{
public:
    Sgd(const TrainingPlan& plan, Tensors parameters)
        : m_parameters(std::move(parameters)), m_momentum(plan.momentum), m_weightDecay(plan.weightDecay)
    {
        // Without momentum the kernel wants an empty list.
        if (m_momentum != 0)
            for (const at::Tensor& parameter : m_parameters)
                m_buffers.push_back(at::zeros_like(parameter.detach()));
        const auto device = m_parameters.empty() ? at::Device(at::kCPU) : m_parameters.front().device();
        m_steps = at::zeros({}, at::TensorOptions(at::kFloat).device(device));
    }

    void step(const Tensors& gradients, double learningRate, const at::Tensor& foundInf) override
    {
        c10::NoGradGuard noGrad;
        // Buffers begin at zero, so the first step needs no case of its own: momentum × 0 + g is g.
        at::_fused_sgd_(
            m_parameters, gradients, m_buffers, m_weightDecay, m_momentum, learningRate, /*dampening=*/0,
            /*nesterov=*/false, /*maximize=*/false, /*is_first_step=*/false, /*grad_scale=*/{}, foundInf);
        m_steps.add_(1).sub_(foundInf);
    }

    std::vector<std::pair<std::string, at::Tensor>> state(std::size_t parameter) const override
    {
        if (m_buffers.empty())
            return {};
        return {{"momentum_buffer", m_buffers.at(parameter)}};
    }

    std::int64_t steps() const override { return static_cast<std::int64_t>(m_steps.item<float>()); }

private:
    Tensors m_parameters;
    Tensors m_buffers;
    at::Tensor m_steps;
    double m_momentum;
    double m_weightDecay;
};

} // namespace

std::unique_ptr<Optimizer> makeSgd(const TrainingPlan& plan, Tensors parameters)
{
    return std::make_unique<Sgd>(plan, std::move(parameters));
}

} // namespace torchdesk
