// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/batch.h"

#include <utility>

namespace torchdesk {

/// What a training step makes small: the mean cross-entropy of a batch. Validation and test use plain
/// cross-entropy without weights (core/engine/evaluation.h), so that their figures can be compared between
/// recipes.
class Loss
{
public:
    /// \p labelSmoothing: the share of the target that is spread over all classes (Szegedy et al., 2015), as
    /// PyTorch's cross_entropy has it.
    /// \p classWeights: what a sample of each class counts, one float a class, on the device of the logits;
    /// undefined: all the same. As PyTorch's cross_entropy has it too: the weighted mean, so the sum over the
    /// batch is divided by the sum of its targets' weights; what label smoothing spreads over the classes
    /// counts by their weights, divided by the same sum.
    explicit Loss(double labelSmoothing = 0, at::Tensor classWeights = {})
        : m_labelSmoothing(labelSmoothing), m_classWeights(std::move(classWeights))
    {}
    /// A 0-dim tensor. Of a mixed batch: share × loss of the own labels + (1 - share) × loss of the others,
    /// each of them a mean by the weights of its own labels (as mixup is written with CrossEntropyLoss).
    at::Tensor operator()(const at::Tensor& logits, const Batch& batch) const;

private:
    at::Tensor against(const at::Tensor& logits, const at::Tensor& labels) const;

    double m_labelSmoothing;
    at::Tensor m_classWeights;
};

/// How many of the largest logits are the labels': a 0-dim tensor on the device. In a mixed batch an answer
/// counts with the share of the label that it meets.
at::Tensor countCorrect(const at::Tensor& logits, const Batch& batch);

} // namespace torchdesk
