// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/batch.h"
#include "core/engine/figurelog.h"
#include "core/engine/keptheap.h"
#include "core/engine/network.h"
#include "core/engine/optimizers/optimizer.h"
#include "core/engine/stepchoice.h"
#include "core/engine/trainingbatches.h"
#include "core/session/trainingjob.h"

#include <functional>
#include <optional>

namespace torchdesk {

/// Everything that one training holds on its device. Made, used and destroyed on one thread.
class TrainingSetup
{
    std::optional<KeptHeap> m_heap; ///< of the processor; the first member: all else is freed before it goes

public:
    /// Sets the number of threads of the calling thread, builds the network with its first weights, takes
    /// the data to the device and chooses the step. Where \p hurried says so, the choice is cut short. May
    /// throw c10::Error.
    static Expected<std::unique_ptr<TrainingSetup>> make(const TrainingJob& job,
                                                         const std::function<bool()>& hurried = {});

    /// The order of an epoch, where batches takes its indices: Random(seed, Purpose::Order, epoch) over the
    /// training part, or the same number of samples by balancedOrder (core/data/classbalance.h). It follows
    /// from plan and epoch alone, not from the epochs before.
    at::Tensor order(std::int64_t epoch) const;

    /// What was frozen is trained from now on, at its own share of the learning rate; what was trained keeps
    /// its moments.
    Expected<void> release();

    const TrainingJob job;
    const at::Device device;
    Network network;
    std::unique_ptr<Optimizer> optimizer;
    FigureLog figures;
    StepChoice choice;
    BatchSource train; ///< the training part as it is, of which a share validates
    TrainingBatches batches;
    std::optional<BatchSource> test; ///< nullopt without test samples
    at::Tensor validation;           ///< indices into train
    at::Tensor testIndices;

    TrainStep& step() { return *choice.step; }

private:
    Expected<void> makeStep(const std::function<bool()>& hurried);
    TrainingSetup(const TrainingJob& job, at::Device device, Network network);
};

/// What the plan's number of threads means here: 0 is one for each available core.
int threadCount(const TrainingPlan& plan);

/// Do model, data and optimizer fit together? Shapes are computed, no step is done; weights are not touched.
Expected<void> checkJob(const TrainingJob& job);

} // namespace torchdesk
