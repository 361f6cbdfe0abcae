// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/forward.h"
#include "core/lane/program.h"

#include <functional>

namespace torchdesk {

/// What is slower than the fastest by less than this is as good: a choice that changes from one start to the
/// next changes the last bits of what is computed.
constexpr double nearlyAsFast = 1.1;

/// By lanes (core/lane), on the processor; the weights stay where the network keeps them.
class LaneForward final : public Forward
{
public:
    /// An error says why lanes cannot compute the model. \p network must outlive it. May throw
    /// std::bad_alloc.
    static Expected<std::unique_ptr<LaneForward>> make(const LoweredModel& model, const Network& network,
                                                       int threads);

    bool wantsInputs() const override { return false; }
    at::Tensor logits(const Batch& batch) override;

private:
    explicit LaneForward(std::unique_ptr<lane::Program> program) : m_program(std::move(program)) {}

    std::unique_ptr<lane::Program> m_program;
};

/// The same batch for lanes; borrows from it.
lane::Batch laneBatch(const Batch& batch);

/// count × classes logits of a batch of any size.
at::Tensor laneLogits(lane::Program& program, const Batch& batch);

/// Lanes where they can compute \p model, agree with LibTorch and are not slower by a tenth, else null. \p
/// attempt: asks the one that it is given for the logits of a batch, always the same.
std::unique_ptr<LaneForward> laneForwardIfFaster(const LoweredModel& model, const Network& network,
                                                 int threads,
                                                 const std::function<at::Tensor(Forward&)>& attempt);

} // namespace torchdesk
