// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/optimizer.h"

namespace torchdesk {

namespace {

/// RMSprop (Tieleman and Hinton 2012) as torch.optim.RMSprop does it, not centred: g += weightDecay × w; s =
/// a × s + (1 - a) × g²; d = g / (√s + epsilon); with momentum v = m × v + d and w -= rate × v, without w -=
/// rate × d. There is no fused kernel for it.
class Rmsprop final : public Optimizer
{
public:
    Rmsprop(const TrainingPlan& plan, const Parameters& parameters)
        : m_parameters(parameters), m_squares(zerosLike(parameters)), m_steps(stepCounter(parameters)),
          m_momentum(plan.momentum), m_smoothing(plan.recipe.smoothing)
    {
        if (m_momentum != 0)
            m_buffers = zerosLike(parameters);
    }

    void step(const Tensors& gradients, double learningRate, const at::Tensor& foundInf) override
    {
        c10::NoGradGuard noGrad;
        const at::Tensor held = foundInf.to(at::kBool); // asked on the device: the step does not wait for it
        for (std::size_t i = 0; i < m_parameters.size(); ++i)
            move(i, gradients[i], learningRate * m_parameters[i].rateFactor, held);
        m_steps.add_(1).sub_(foundInf);
    }

    std::vector<std::pair<std::string, at::Tensor>> state(std::size_t parameter) const override
    {
        std::vector<std::pair<std::string, at::Tensor>> tensors{{"square_avg", m_squares.at(parameter)}};
        if (!m_buffers.empty())
            tensors.emplace_back("momentum_buffer", m_buffers.at(parameter));
        return tensors;
    }

    std::int64_t steps() const override { return static_cast<std::int64_t>(m_steps.item<float>()); }
    void setSteps(std::int64_t steps) override { m_steps.fill_(steps); }

private:
    void move(std::size_t index, const at::Tensor& gradient, double rate, const at::Tensor& held)
    {
        at::Tensor& value = m_parameters[index].value;
        const double decay = m_parameters[index].weightDecay;
        const at::Tensor g = decay != 0 ? gradient.add(value.detach(), decay) : gradient;
        const at::Tensor square = m_squares[index].mul(m_smoothing).addcmul_(g, g, 1 - m_smoothing);
        at::Tensor change = g.div(square.sqrt().add_(epsilon));
        if (!m_buffers.empty()) {
            change = m_buffers[index].mul(m_momentum).add_(change);
            m_buffers[index].copy_(at::where(held, m_buffers[index], change));
        }
        m_squares[index].copy_(at::where(held, m_squares[index], square));
        const at::Tensor moved = value.detach().sub(change, rate);
        value.copy_(at::where(held, value.detach(), moved));
    }

    static constexpr double epsilon = 1e-8;

    Parameters m_parameters;
    Tensors m_squares;
    Tensors m_buffers;
    at::Tensor m_steps;
    double m_momentum;
    double m_smoothing;
};

} // namespace

std::unique_ptr<Optimizer> makeRmsprop(const TrainingPlan& plan, const Parameters& parameters)
{
    return std::make_unique<Rmsprop>(plan, parameters);
}

} // namespace torchdesk
