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

using Tensors = std::vector<at::Tensor>;

/// A parameter that is trained, and how.
struct TrainedParameter
{
    at::Tensor value;
    double weightDecay = 0;
    double rateFactor = 1; ///< times the learning rate
};

/// The parameters with the plan's weight decay: where the plan says so, those of one dimension (biases, scale
/// and shift of a normalisation) without it.
std::vector<TrainedParameter> trainedParameters(const TrainingPlan& plan, const Tensors& parameters);

/// Parameters that move alike: what one call of a fused kernel takes.
struct ParameterGroup
{
    std::vector<std::size_t> members; ///< places in the list of all parameters
    Tensors values;
    double weightDecay = 0;
    double rateFactor = 1;

    /// Those of the members, out of one for each parameter.
    Tensors pick(const Tensors& all) const;
};

std::vector<ParameterGroup> groupsOf(const std::vector<TrainedParameter>& parameters);

/// Moves parameters along their gradients, with LibTorch's fused kernels where there is one. Belongs to the
/// thread of the training.
class Optimizer
{
public:
    virtual ~Optimizer() = default;
    /// \p gradients: one for each parameter, in the order they were given in. Where \p foundInf (a 0-dim
    /// float on the device) is 1, parameters, moments and counters stay as they are.
    virtual void step(const std::vector<at::Tensor>& gradients, double learningRate,
                      const at::Tensor& foundInf) = 0;
    /// Tensors that a continued run needs: for parameter number i, {"exp_avg", tensor} …
    virtual std::vector<std::pair<std::string, at::Tensor>> state(std::size_t parameter) const = 0;
    /// Steps taken, without those that foundInf held back.
    virtual std::int64_t steps() const = 0;
    /// For a step that moves parameters and state() itself: so many have been taken.
    virtual void setSteps(std::int64_t steps) = 0;
};

using Parameters = std::vector<TrainedParameter>;

/// Optimizers beside each other: each has the next so many parameters, and its own share of the learning
/// rate. What was frozen joins so, later and slower.
class JointOptimizer final : public Optimizer
{
public:
    struct Part
    {
        std::unique_ptr<Optimizer> optimizer;
        std::size_t parameters = 0;
        double rateFactor = 1;
    };
    explicit JointOptimizer(std::vector<Part> parts) : m_parts(std::move(parts)) {}
    void step(const std::vector<at::Tensor>& gradients, double learningRate,
              const at::Tensor& foundInf) override;
    std::vector<std::pair<std::string, at::Tensor>> state(std::size_t parameter) const override;
    /// Of the one that has taken the most.
    std::int64_t steps() const override;
    void setSteps(std::int64_t steps) override;

private:
    std::vector<Part> m_parts;
};

std::unique_ptr<Optimizer> makeAdam(const TrainingPlan& plan, const Parameters& parameters);
std::unique_ptr<Optimizer> makeAdamW(const TrainingPlan& plan, const Parameters& parameters);
std::unique_ptr<Optimizer> makeSgd(const TrainingPlan& plan, const Parameters& parameters);
std::unique_ptr<Optimizer> makeRmsprop(const TrainingPlan& plan, const Parameters& parameters);

/// The optimizer of the plan; an error lists those that exist.
Expected<std::unique_ptr<Optimizer>> makeOptimizer(const TrainingPlan& plan, const Parameters& parameters);

/// Zeros on the device and in the shape of each parameter.
Tensors zerosLike(const Parameters& parameters);
/// A counter on the parameters' device: 0-dim float.
at::Tensor stepCounter(const Parameters& parameters);

} // namespace torchdesk
