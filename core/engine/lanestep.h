// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/figurelog.h"
#include "core/engine/laneforward.h"
#include "core/engine/network.h"
#include "core/engine/optimizers/optimizer.h"
#include "core/engine/trainstep.h"
#include "core/session/trainingjob.h"

namespace torchdesk {

/// A step of TorchDesk's own on the processor (core/lane): the parameters of the network and the moments of
/// the optimizer stay where they are and are moved there, so that whoever reads them sees the same as after
/// an eager step, but for rounding.
class LaneStep final : public TrainStep
{
public:
    /// An error says why lanes cannot do the job. The references must outlive the step. \p classWeights: of
    /// the loss; undefined: none. May throw std::bad_alloc.
    static Expected<std::unique_ptr<LaneStep>> make(const TrainingJob& job, Network& network,
                                                    Optimizer& optimizer, FigureLog& figures,
                                                    const at::Tensor& classWeights, int threads,
                                                    const lane::Kernels& kernels = lane::kernelsHere());

    std::string name() const override;
    bool wantsInputs() const override { return false; }
    void run(const Batch& batch, std::int64_t step, double learningRate, bool update = true) override;
    at::Tensor logits(const Batch& batch) override;

private:
    LaneStep(std::unique_ptr<lane::Program> program, Optimizer& optimizer, FigureLog& figures)
        : m_program(std::move(program)), m_optimizer(optimizer), m_figures(figures)
    {}

    std::unique_ptr<lane::Program> m_program;
    Optimizer& m_optimizer;
    FigureLog& m_figures;
};

} // namespace torchdesk
