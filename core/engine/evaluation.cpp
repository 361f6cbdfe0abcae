// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluation.h"

#include <algorithm>
#include <c10/core/InferenceMode.h>

namespace torchdesk {

namespace {

constexpr std::int64_t top = 5;

/// Sums on the device, so that no batch waits for it.
class EvaluationSums
{
public:
    EvaluationSums(at::Device device, bool confusion)
        : m_loss(at::zeros({}, at::TensorOptions(at::kDouble).device(device))),
          m_correct(at::zeros({}, at::TensorOptions(at::kLong).device(device))), m_top(m_correct.clone()),
          m_wantsConfusion(confusion)
    {}

    void add(const at::Tensor& logits, const at::Tensor& labels)
    {
        m_classes = logits.size(1);
        m_loss.add_(at::cross_entropy_loss(logits, labels, {}, at::Reduction::Sum));
        const at::Tensor answers = logits.argmax(1);
        m_correct.add_(answers.eq(labels).sum());
        if (m_classes > top)
            m_top.add_(std::get<1>(logits.topk(top, 1)).eq(labels.unsqueeze(1)).sum());
        if (m_wantsConfusion && m_classes <= ConfusionMatrix::mostClasses)
            count(labels, answers);
    }

    Evaluation result(std::int64_t samples) const
    {
        const auto count = static_cast<double>(std::max<std::int64_t>(samples, 1));
        Evaluation result;
        result.loss = m_loss.item<double>() / count;
        result.accuracy = static_cast<double>(m_correct.item<std::int64_t>()) / count;
        result.samples = samples;
        if (m_classes > top)
            result.top5 = static_cast<double>(m_top.item<std::int64_t>()) / count;
        if (m_pairs.defined()) {
            const at::Tensor counts = m_pairs.to(at::kCPU);
            const std::int64_t* values = counts.const_data_ptr<std::int64_t>();
            result.confusion = ConfusionMatrix(m_classes, {values, values + counts.numel()});
        }
        return result;
    }

private:
    /// A pair of label and answer is one number: the place in the matrix.
    void count(const at::Tensor& labels, const at::Tensor& answers)
    {
        const at::Tensor pairs = labels * m_classes + answers;
        if (!m_pairs.defined())
            m_pairs = at::zeros({m_classes * m_classes}, pairs.options());
        m_pairs.scatter_add_(0, pairs, at::ones_like(pairs));
    }

    at::Tensor m_loss;
    at::Tensor m_correct;
    at::Tensor m_top;
    at::Tensor m_pairs;
    bool m_wantsConfusion;
    std::int64_t m_classes = 0;
};

} // namespace

std::optional<Evaluation> evaluate(Forward& forward, std::int64_t batch, BatchSource& source,
                                   const at::Tensor& indices, const std::function<bool()>& stopped,
                                   bool confusion)
{
    const c10::InferenceMode inference;
    const std::int64_t samples = indices.size(0);
    EvaluationSums sums(indices.device(), confusion);
    for (std::int64_t first = 0; first < samples; first += batch) {
        if (stopped())
            return std::nullopt;
        const at::Tensor some = indices.slice(0, first, std::min(first + batch, samples));
        const Batch part = forward.wantsInputs() ? source.gather(some) : source.gatherRaw(some);
        sums.add(forward.logits(part), part.labels);
    }
    return sums.result(samples);
}

} // namespace torchdesk
