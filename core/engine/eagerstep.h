// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/figurelog.h"
#include "core/engine/loss.h"
#include "core/engine/network.h"
#include "core/engine/optimizers/optimizer.h"
#include "core/engine/trainstep.h"

namespace torchdesk {

/// LibTorch's autograd, layer by layer: works for every model and device. Computes in the precision and the
/// layout of the plan.
class EagerStep final : public TrainStep
{
public:
    /// \p classWeights: of the loss; undefined: none.
    EagerStep(Network& network, Optimizer& optimizer, FigureLog& figures, const TrainingPlan& plan,
              at::Tensor classWeights = {});
    std::string name() const override;
    void run(const Batch& batch, std::int64_t step, double learningRate, bool update = true) override;
    at::Tensor logits(const Batch& batch) override;

private:
    at::Tensor forward(const Batch& batch, std::int64_t step) const;
    void takeGradients(std::int64_t samples, bool update);
    at::Tensor takeGradient(std::size_t index);
    void clip();

    Network& m_network;
    Optimizer& m_optimizer;
    FigureLog& m_figures;
    std::uint64_t m_seed;
    Loss m_loss;
    bool m_bf16;
    bool m_channelsLast;
    double m_clipNorm;
    Tensors m_parameters;
    std::vector<std::string> m_names; ///< of m_parameters
    /// What moves with the batches and no optimizer moves.
    struct Running
    {
        at::Tensor value;
        at::Tensor before; ///< as it was before the step
    };
    std::vector<Running> m_running;
    Tensors m_gradients;         ///< of a group of batches: sums over samples until its last one
    std::int64_t m_gathered = 0; ///< samples in m_gradients so far
    at::Tensor m_foundInf;       ///< 0-dim float; stays 1 once a loss was not finite
};

} // namespace torchdesk
