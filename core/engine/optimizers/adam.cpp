// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/optimizer.h"

namespace torchdesk {

namespace {

/// Adam (Kingma and Ba 2015), with the defaults of Keras and PyTorch for the moments; weight decay is added
/// to the gradient (L2), as in torch.optim.Adam, or taken from the weights beside it, as in torch.optim.AdamW
/// (Loshchilov and Hutter 2019). Epsilon is PyTorch's.
class Adam final : public Optimizer
{
public:
    Adam(const Parameters& parameters, bool decoupled)
        : m_groups(groupsOf(parameters)), m_averages(zerosLike(parameters)), m_squares(zerosLike(parameters)),
          m_steps(stepCounter(parameters)), m_decoupled(decoupled)
    {}

    void step(const Tensors& gradients, double learningRate, const at::Tensor& foundInf) override
    {
        c10::NoGradGuard noGrad;
        // One counter serves every parameter: all of them move in every step.
        m_steps.add_(1);
        for (const ParameterGroup& group : m_groups)
            move(group, group.pick(gradients), learningRate * group.rateFactor, foundInf);
        m_steps.sub_(foundInf);
    }

    std::vector<std::pair<std::string, at::Tensor>> state(std::size_t parameter) const override
    {
        return {{"exp_avg", m_averages.at(parameter)}, {"exp_avg_sq", m_squares.at(parameter)}};
    }

    std::int64_t steps() const override { return static_cast<std::int64_t>(m_steps.item<float>()); }
    void setSteps(std::int64_t steps) override { m_steps.fill_(steps); }

private:
    void move(const ParameterGroup& group, const Tensors& gradients, double rate, const at::Tensor& foundInf)
    {
        const Tensors steps(group.members.size(), m_steps); // once for each parameter, as the kernel wants it
        const auto kernel = m_decoupled ? fusedAdamW : fusedAdam;
        kernel(group.values, gradients, group.pick(m_averages), group.pick(m_squares), steps, rate,
               group.weightDecay, foundInf);
    }

    static void fusedAdam(at::TensorList values, at::TensorList gradients, at::TensorList averages,
                          at::TensorList squares, at::TensorList steps, double rate, double decay,
                          const at::Tensor& foundInf)
    {
        at::_fused_adam_(values, gradients, averages, squares, {}, steps, rate, beta1, beta2, decay, epsilon,
                         /*amsgrad=*/false, /*maximize=*/false, /*grad_scale=*/{}, foundInf);
    }

    static void fusedAdamW(at::TensorList values, at::TensorList gradients, at::TensorList averages,
                           at::TensorList squares, at::TensorList steps, double rate, double decay,
                           const at::Tensor& foundInf)
    {
        at::_fused_adamw_(values, gradients, averages, squares, {}, steps, rate, beta1, beta2, decay, epsilon,
                          /*amsgrad=*/false, /*maximize=*/false, /*grad_scale=*/{}, foundInf);
    }

    static constexpr double beta1 = 0.9;
    static constexpr double beta2 = 0.999;
    static constexpr double epsilon = 1e-8;

    std::vector<ParameterGroup> m_groups;
    Tensors m_averages;
    Tensors m_squares;
    at::Tensor m_steps;
    bool m_decoupled;
};

} // namespace

std::unique_ptr<Optimizer> makeAdam(const TrainingPlan&, const Parameters& parameters)
{
    return std::make_unique<Adam>(parameters, false);
}

std::unique_ptr<Optimizer> makeAdamW(const TrainingPlan&, const Parameters& parameters)
{
    return std::make_unique<Adam>(parameters, true);
}

} // namespace torchdesk
