// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/eagerstep.h"

#include "core/engine/autocast.h"

#include <algorithm>
#include <utility>

namespace torchdesk {

EagerStep::EagerStep(Network& network, Optimizer& optimizer, FigureLog& figures, const TrainingPlan& plan,
                     at::Tensor classWeights)
    : m_network(network), m_optimizer(optimizer), m_figures(figures), m_seed(plan.seed),
      m_loss(plan.augmentation.labelSmoothing, std::move(classWeights)),
      m_bf16(plan.recipe.precision == "bf16"), m_channelsLast(plan.recipe.channelsLast),
      m_clipNorm(plan.recipe.clipNorm), m_parameters(network.parameterTensors()),
      m_gradients(m_parameters.size()),
      m_foundInf(at::zeros({}, at::TensorOptions(at::kFloat).device(network.device())))
{
    for (const NetworkParameter& parameter : network.parameters()) {
        if (parameter.trained())
            m_names.push_back(parameter.spec.name);
        else if (!parameter.frozen)
            m_running.push_back({parameter.value, at::empty_like(parameter.value)});
    }
}

std::string EagerStep::name() const
{
    std::string settings = m_bf16 ? "bf16" : "";
    if (m_channelsLast)
        settings += settings.empty() ? "channels last" : ", channels last";
    return settings.empty() ? "eager" : "eager (" + settings + ")";
}

at::Tensor EagerStep::logits(const Batch& batch)
{
    m_network.setChannelsLast(m_channelsLast);
    return m_network.forward(batch.inputs, Pass{});
}

// The loss is computed in fp32, whatever the network computes in.
at::Tensor EagerStep::forward(const Batch& batch, std::int64_t step) const
{
    m_network.setChannelsLast(m_channelsLast);
    const Bf16Autocast autocast(m_bf16, batch.inputs.device().type());
    return m_network.forward(batch.inputs, Pass{true, m_seed, step}).to(at::kFloat);
}

void EagerStep::run(const Batch& batch, std::int64_t step, double learningRate, bool update)
{
    for (const Running& each : m_running)
        at::Tensor(each.before).copy_(each.value);
    const at::Tensor logits = forward(batch, step);
    const at::Tensor loss = m_loss(logits, batch);
    loss.backward();
    takeGradients(batch.count(), update);
    const at::Tensor value = loss.detach();
    m_foundInf.logical_or_(at::isfinite(value).logical_not_());
    // What runs along with the batches is held back as the weights are.
    if (!m_running.empty()) {
        const at::Tensor held = m_foundInf.to(at::kBool);
        for (const Running& each : m_running)
            at::Tensor(each.value).copy_(at::where(held, each.before, each.value));
    }
    if (update) {
        clip();
        m_optimizer.step(m_gradients, learningRate, m_foundInf);
        std::ranges::fill(m_gradients, at::Tensor()); // not held through the next pass
    }
    m_figures.add(value, countCorrect(logits.detach(), batch));
}

// A batch's gradient is the mean over its samples. Of several batches the mean over all their samples is
// wanted, the last one may be smaller: so sums are gathered and divided at the end.
void EagerStep::takeGradients(std::int64_t samples, bool update)
{
    const c10::NoGradGuard noGrad;
    const bool alone = update && m_gathered == 0;
    const bool first = m_gathered == 0;
    m_gathered += samples;
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        at::Tensor gradient = takeGradient(i);
        if (alone) {
            m_gradients[i] = std::move(gradient);
            continue;
        }
        gradient.mul_(static_cast<double>(samples));
        m_gradients[i] = first ? std::move(gradient) : m_gradients[i].add_(gradient);
        if (update)
            m_gradients[i].div_(static_cast<double>(m_gathered));
    }
    if (update)
        m_gathered = 0;
}

// Autograd leaves the gradients it computed in the parameters without a copy; taking them away again spares
// both zeroing and adding. The fused kernels want the layout of the parameters.
at::Tensor EagerStep::takeGradient(std::size_t index)
{
    at::Tensor& kept = m_parameters[index].mutable_grad();
    TORCH_CHECK(kept.defined(), m_names[index], " got no gradient");
    const at::Tensor gradient = std::exchange(kept, at::Tensor());
    return gradient.is_contiguous() ? gradient : gradient.contiguous();
}

// As torch.nn.utils.clip_grad_norm_: one factor for all, from the norm of all of them together.
void EagerStep::clip()
{
    if (m_clipNorm <= 0)
        return;
    const c10::NoGradGuard noGrad;
    const at::Tensor norm = at::stack(at::_foreach_norm(m_gradients, 2)).norm(2);
    const at::Tensor factor = at::clamp_max(m_clipNorm / (norm + 1e-6), 1);
    at::_foreach_mul_(m_gradients, factor);
}

} // namespace torchdesk
