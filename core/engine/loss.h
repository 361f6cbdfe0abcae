// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/batch.h"

namespace torchdesk {

/// What a training step makes small: the mean cross-entropy of a batch. Validation and test use plain
/// cross-entropy (core/engine/evaluation.h), so that their figures can be compared between recipes.
class Loss
{
public:
    /// \p labelSmoothing: the share of the target that is spread over all classes (Szegedy et al., 2015), as
    /// PyTorch's cross_entropy has it.
    explicit Loss(double labelSmoothing = 0) : m_labelSmoothing(labelSmoothing) {}
    /// A 0-dim tensor. Of a mixed batch: share × loss of the own labels + (1 - share) × loss of the others.
    at::Tensor operator()(const at::Tensor& logits, const Batch& batch) const;

private:
    at::Tensor against(const at::Tensor& logits, const at::Tensor& labels) const;

    double m_labelSmoothing;
};

/// How many of the largest logits are the labels': a 0-dim tensor on the device. In a mixed batch an answer
/// counts with the share of the label that it meets.
at::Tensor countCorrect(const at::Tensor& logits, const Batch& batch);

} // namespace torchdesk
