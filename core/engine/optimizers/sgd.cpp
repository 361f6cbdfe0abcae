// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/optimizer.h"

namespace torchdesk {

namespace {

/// Stochastic gradient descent as torch.optim.SGD does it: d = g + weightDecay × w; v = momentum × v + d; w
/// -= rate × v, or with Nesterov's momentum w -= rate × (d + momentum × v).
class Sgd final : public Optimizer
{
public:
    Sgd(const TrainingPlan& plan, const Parameters& parameters)
        : m_groups(groupsOf(parameters)), m_steps(stepCounter(parameters)), m_momentum(plan.momentum),
          m_nesterov(plan.recipe.nesterov && plan.momentum > 0)
    {
        // Without momentum the kernel wants an empty list.
        if (m_momentum != 0)
            m_buffers = zerosLike(parameters);
    }

    void step(const Tensors& gradients, double learningRate, const at::Tensor& foundInf) override
    {
        c10::NoGradGuard noGrad;
        // Buffers begin at zero, so the first step needs no case of its own: momentum × 0 + g is g.
        for (const ParameterGroup& group : m_groups)
            at::_fused_sgd_(group.values, group.pick(gradients),
                            m_buffers.empty() ? Tensors{} : group.pick(m_buffers), group.weightDecay,
                            m_momentum, learningRate * group.rateFactor, /*dampening=*/0, m_nesterov,
                            /*maximize=*/false,
                            /*is_first_step=*/false, /*grad_scale=*/{}, foundInf);
        m_steps.add_(1).sub_(foundInf);
    }

    std::vector<std::pair<std::string, at::Tensor>> state(std::size_t parameter) const override
    {
        if (m_buffers.empty())
            return {};
        return {{"momentum_buffer", m_buffers.at(parameter)}};
    }

    std::int64_t steps() const override { return static_cast<std::int64_t>(m_steps.item<float>()); }
    void setSteps(std::int64_t steps) override { m_steps.fill_(steps); }

private:
    std::vector<ParameterGroup> m_groups;
    Tensors m_buffers;
    at::Tensor m_steps;
    double m_momentum;
    bool m_nesterov;
};

} // namespace

std::unique_ptr<Optimizer> makeSgd(const TrainingPlan& plan, const Parameters& parameters)
{
    return std::make_unique<Sgd>(plan, parameters);
}

} // namespace torchdesk
