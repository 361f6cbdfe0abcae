// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/optimizer.h"

namespace torchdesk {

namespace {

/// Adam (Kingma and Ba 2015), with the defaults of Keras and PyTorch for the moments; weight decay is added
/// to the gradient (L2), as in torch.optim.Adam. Epsilon is PyTorch's.
class Adam final : public Optimizer
{
public:
    Adam(const TrainingPlan& plan, Tensors parameters)
        : m_parameters(std::move(parameters)), m_weightDecay(plan.weightDecay)
    {
        for (const at::Tensor& parameter : m_parameters) {
            m_averages.push_back(at::zeros_like(parameter.detach()));
            m_squares.push_back(at::zeros_like(parameter.detach()));
        }
        // One counter serves every parameter: all of them move in every step.
        const auto device = m_parameters.empty() ? at::Device(at::kCPU) : m_parameters.front().device();
        m_steps = at::zeros({}, at::TensorOptions(at::kFloat).device(device));
        m_stepList.assign(m_parameters.size(), m_steps);
    }

    void step(const Tensors& gradients, double learningRate, const at::Tensor& foundInf) override
    {
        c10::NoGradGuard noGrad;
        m_steps.add_(1);
        at::_fused_adam_(m_parameters, gradients, m_averages, m_squares, {}, m_stepList, learningRate, beta1,
                         beta2, m_weightDecay, epsilon, /*amsgrad=*/false, /*maximize=*/false,
                         /*grad_scale=*/{}, foundInf);
        m_steps.sub_(foundInf);
    }

    std::vector<std::pair<std::string, at::Tensor>> state(std::size_t parameter) const override
    {
        return {{"exp_avg", m_averages.at(parameter)}, {"exp_avg_sq", m_squares.at(parameter)}};
    }

    std::int64_t steps() const override { return static_cast<std::int64_t>(m_steps.item<float>()); }

private:
    static constexpr double beta1 = 0.9;
    static constexpr double beta2 = 0.999;
    static constexpr double epsilon = 1e-8;

    Tensors m_parameters;
    Tensors m_averages;
    Tensors m_squares;
    at::Tensor m_steps;
    Tensors m_stepList; ///< m_steps once for each parameter, as the kernel wants it
    double m_weightDecay;
};

} // namespace

std::unique_ptr<Optimizer> makeAdam(const TrainingPlan& plan, Tensors parameters)
{
    return std::make_unique<Adam>(plan, std::move(parameters));
}

} // namespace torchdesk
