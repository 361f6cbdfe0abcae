// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/engine/torchheaders.h"
#include "core/plan/trainingplan.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

/// To add an optimizer: its file here, its line in optimizers.cpp, its choice in the option table
/// (core/plan/options/recipe.cpp).
namespace torchdesk {

/// Moves parameters along their gradients with LibTorch's fused kernels. Belongs to the thread of the
/// training.
class Optimizer
{
public:
    virtual ~Optimizer() = default;
    /// Where \p foundInf (a 0-dim float on the device) is 1, parameters, moments and counters stay as they
    /// are.
    virtual void step(const std::vector<at::Tensor>& gradients, double learningRate,
                      const at::Tensor& foundInf) = 0;
    /// Tensors that a continued run needs: for parameter number i, {"exp_avg", tensor} …
    virtual std::vector<std::pair<std::string, at::Tensor>> state(std::size_t parameter) const = 0;
    /// Steps taken, without those that foundInf held back.
    virtual std::int64_t steps() const = 0;
};

using Tensors = std::vector<at::Tensor>;

std::unique_ptr<Optimizer> makeAdam(const TrainingPlan& plan, Tensors parameters);
std::unique_ptr<Optimizer> makeSgd(const TrainingPlan& plan, Tensors parameters);

/// The optimizer of the plan; an error lists those that exist.
Expected<std::unique_ptr<Optimizer>> makeOptimizer(const TrainingPlan& plan, Tensors parameters);

} // namespace torchdesk
