// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/eagerstep.h"

namespace torchdesk {

EagerStep::EagerStep(Network& network, Optimizer& optimizer, FigureLog& figures, std::uint64_t seed,
                     const Loss& loss)
    : m_network(network), m_optimizer(optimizer), m_figures(figures), m_seed(seed), m_loss(loss),
      m_parameters(network.parameterTensors()), m_gradients(m_parameters.size()),
      m_foundInf(at::zeros({}, at::TensorOptions(at::kFloat).device(network.device())))
{
    for (const NetworkParameter& parameter : network.parameters()) {
        if (parameter.spec.trainable)
            m_names.push_back(parameter.spec.name);
        else
            m_running.push_back({parameter.value, at::empty_like(parameter.value)});
    }
}

void EagerStep::run(const Batch& batch, std::int64_t step, double learningRate)
{
    for (const Running& each : m_running)
        at::Tensor(each.before).copy_(each.value);
    const at::Tensor logits = m_network.forward(batch.inputs, Pass{true, m_seed, step});
    const at::Tensor loss = m_loss(logits, batch);
    loss.backward();
    takeGradients();
    const at::Tensor value = loss.detach();
    m_foundInf.logical_or_(at::isfinite(value).logical_not_());
    // What runs along with the batches is held back as the weights are.
    for (const Running& each : m_running)
        at::Tensor(each.value).copy_(at::where(m_foundInf.to(at::kBool), each.before, each.value));
    m_optimizer.step(m_gradients, learningRate, m_foundInf);
    m_figures.add(value, countCorrect(logits.detach(), batch));
}

// Autograd leaves the gradients it computed in the parameters without a copy; taking them away again spares
// both zeroing and adding. The fused kernels want the layout of the parameters.
void EagerStep::takeGradients()
{
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        at::Tensor& gradient = m_parameters[i].mutable_grad();
        TORCH_CHECK(gradient.defined(), m_names[i], " got no gradient");
        m_gradients[i] = gradient.is_contiguous() ? std::move(gradient) : gradient.contiguous();
        gradient = at::Tensor();
    }
}

} // namespace torchdesk
