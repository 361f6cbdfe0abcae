// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/optimizer.h"

#include <algorithm>

namespace torchdesk {

void JointOptimizer::step(const Tensors& gradients, double learningRate, const at::Tensor& foundInf)
{
    auto from = gradients.begin();
    for (const Part& part : m_parts) {
        const auto to = from + static_cast<std::ptrdiff_t>(part.parameters);
        part.optimizer->step(Tensors(from, to), learningRate * part.rateFactor, foundInf);
        from = to;
    }
}

std::vector<std::pair<std::string, at::Tensor>> JointOptimizer::state(std::size_t parameter) const
{
    for (const Part& part : m_parts) {
        if (parameter < part.parameters)
            return part.optimizer->state(parameter);
        parameter -= part.parameters;
    }
    return {};
}

std::int64_t JointOptimizer::steps() const
{
    std::int64_t most = 0;
    for (const Part& part : m_parts)
        most = std::max(most, part.optimizer->steps());
    return most;
}

void JointOptimizer::setSteps(std::int64_t steps)
{
    for (const Part& part : m_parts)
        part.optimizer->setSteps(steps);
}

} // namespace torchdesk
