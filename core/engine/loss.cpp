// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/loss.h"

#include <optional>

namespace torchdesk {

at::Tensor Loss::against(const at::Tensor& logits, const at::Tensor& labels) const
{
    constexpr std::int64_t ignoreNone = -100; // PyTorch's default: no label has this number
    const auto weights = m_classWeights.defined() ? std::optional(m_classWeights) : std::nullopt;
    return at::cross_entropy_loss(logits, labels, weights, at::Reduction::Mean, ignoreNone, m_labelSmoothing);
}

at::Tensor Loss::operator()(const at::Tensor& logits, const Batch& batch) const
{
    const at::Tensor own = against(logits, batch.labels);
    if (!batch.otherLabels.defined())
        return own;
    return own * batch.share + against(logits, batch.otherLabels) * (1 - batch.share);
}

at::Tensor countCorrect(const at::Tensor& logits, const Batch& batch)
{
    const at::Tensor answers = logits.argmax(1);
    const at::Tensor own = answers.eq(batch.labels).sum();
    if (!batch.otherLabels.defined())
        return own;
    return own * batch.share + answers.eq(batch.otherLabels).sum() * (1 - batch.share);
}

} // namespace torchdesk
