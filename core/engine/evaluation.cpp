// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluation.h"

#include "core/engine/loss.h"

#include <algorithm>
#include <c10/core/InferenceMode.h>

namespace torchdesk {

std::optional<Evaluation> evaluate(const Network& network, BatchSource& source, const at::Tensor& indices,
                                   const std::function<bool()>& stopped)
{
    const c10::InferenceMode inference;
    const std::int64_t samples = indices.size(0);
    const std::int64_t size = network.evaluationBatch();
    at::Tensor loss = at::zeros({}, indices.options().dtype(at::kDouble));
    at::Tensor correct = at::zeros({}, indices.options());
    for (std::int64_t first = 0; first < samples; first += size) {
        if (stopped())
            return std::nullopt;
        const Batch batch = source.gather(indices.slice(0, first, std::min(first + size, samples)));
        const at::Tensor logits = network.forward(batch.inputs, Pass{});
        loss.add_(at::cross_entropy_loss(logits, batch.labels, {}, at::Reduction::Sum));
        correct.add_(countCorrect(logits, batch));
    }
    const auto count = static_cast<double>(std::max<std::int64_t>(samples, 1));
    return Evaluation{loss.item<double>() / count, static_cast<double>(correct.item<std::int64_t>()) / count,
                      samples};
}

} // namespace torchdesk
