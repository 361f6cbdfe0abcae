// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/kernels.h"
#include "core/lane/layers/mathematics.h"
#include "core/lane/layers/rows.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// The labels of a group, one a lane, and by what their loss is multiplied: 0 past the end of the batch.
struct Labels
{
    IntVec label;
    Vec weight; ///< of the class, × share / divisor
    Vec even;   ///< share / divisor
};

Labels labelsOf(const LossPlan& plan, const Batch& batch, std::int64_t group, bool others, double divisor)
{
    const std::int64_t* from = others ? batch.otherLabels : batch.labels;
    const double share = (others ? 1 - batch.share : batch.share) / divisor;
    Labels labels{{}, {}, {}};
    for (int lane = 0; lane < lanes; ++lane) {
        const std::int64_t sample = group * lanes + lane;
        if (sample >= batch.count)
            continue;
        labels.label[lane] = static_cast<std::int32_t>(from[sample]);
        labels.even[lane] = static_cast<float>(share);
        labels.weight[lane] =
            static_cast<float>(share * (plan.classWeights ? plan.classWeights[from[sample]] : 1.0f));
    }
    return labels;
}

class GroupLoss
{
public:
    GroupLoss(const LossPlan& plan, std::int64_t group)
        : m_plan(plan), m_classes(plan.logits.features()),
          m_logits(vectors(plan.logits.data) + group * plan.logits.groupStride()),
          m_gradient(vectors(plan.gradient.data) + group * plan.gradient.groupStride()),
          m_smoothing(static_cast<float>(plan.labelSmoothing))
    {
        m_most = m_logits[0];
        for (std::int64_t c = 1; c < m_classes; ++c)
            m_most = larger(m_most, m_logits[c]);
        // m_gradient holds e^(z - most) first, then the gradient.
        for (std::int64_t c = 0; c < m_classes; ++c) {
            m_gradient[c] = exponential(m_logits[c] - m_most);
            m_sum += m_gradient[c];
            m_weights += weightOf(c);
        }
        for (int lane = 0; lane < lanes; ++lane)
            m_logSum[lane] = __builtin_logf(m_sum[lane]);
        for (std::int64_t c = 0; c < m_classes; ++c)
            m_gradient[c] /= m_sum;
    }

    /// -log p of the label, and of all classes for label smoothing ε: (1 - ε) × w[y] × -log p[y] + ε / C × Σ
    /// w[c] × -log p[c], as torch.nn.CrossEntropyLoss.
    double loss(const Labels& labels) const
    {
        Vec loss = {};
        const float spread = m_smoothing / static_cast<float>(m_classes);
        for (std::int64_t c = 0; c < m_classes; ++c) {
            const Vec term = m_logSum - (m_logits[c] - m_most);
            const Vec own = is(labels, c) ? (1.0f - m_smoothing) * labels.weight * term : Vec{};
            loss += own;
            if (m_smoothing > 0)
                loss += spread * weightOf(c) * labels.even * term;
        }
        double sum = 0;
        for (int lane = 0; lane < lanes; ++lane)
            if (labels.even[lane] != 0)
                sum += loss[lane];
        return sum;
    }

    /// By a logit: (1 - ε) × w[y] × (p[c] - 1 at y) + ε / C × (p[c] × Σ w - w[c]).
    void gradient(const Labels& labels, const Labels* others) const
    {
        for (std::int64_t c = 0; c < m_classes; ++c) {
            const Vec p = m_gradient[c];
            Vec by = part(labels, c, p);
            if (others)
                by += part(*others, c, p);
            m_gradient[c] = by;
        }
    }

    double correct(const Labels& labels, const Batch& batch, double share, std::int64_t group) const
    {
        IntVec answer = {};
        Vec most = m_logits[0];
        for (std::int64_t c = 1; c < m_classes; ++c) {
            const auto better = m_logits[c] > most;
            most = better ? m_logits[c] : most;
            answer = better ? static_cast<std::int32_t>(c) - IntVec{} : answer;
        }
        double count = 0;
        for (int lane = 0; lane < lanes && group * lanes + lane < batch.count; ++lane)
            count += answer[lane] == labels.label[lane] ? share : 0.0;
        return count;
    }

private:
    float weightOf(std::int64_t c) const { return m_plan.classWeights ? m_plan.classWeights[c] : 1.0f; }
    static IntVec is(const Labels& labels, std::int64_t c)
    {
        return labels.label == (static_cast<std::int32_t>(c) - IntVec{});
    }

    Vec part(const Labels& labels, std::int64_t c, Vec p) const
    {
        const Vec target = is(labels, c) ? broadcast(1.0f) : Vec{};
        Vec by = (1.0f - m_smoothing) * labels.weight * (p - target);
        if (m_smoothing > 0)
            by += m_smoothing / static_cast<float>(m_classes) * labels.even * (p * m_weights - weightOf(c));
        return by;
    }

    const LossPlan& m_plan;
    std::int64_t m_classes;
    const Vec* m_logits;
    Vec* m_gradient;
    float m_smoothing;
    Vec m_most = {};
    Vec m_sum = {};
    Vec m_logSum = {};
    float m_weights = 0;
};

} // namespace

void addLoss(const LossPlan& plan, const Batch& batch, const LossDivisors& divisors, const Slice& slice,
             LossSums& sums)
{
    for (std::int64_t group = slice.first; group < slice.last; ++group) {
        const GroupLoss loss(plan, group);
        const Labels labels = labelsOf(plan, batch, group, false, divisors.labels);
        sums.loss += loss.loss(labels);
        sums.correct += loss.correct(labels, batch, batch.share, group);
        if (!batch.otherLabels) {
            loss.gradient(labels, nullptr);
            continue;
        }
        const Labels others = labelsOf(plan, batch, group, true, divisors.otherLabels);
        sums.loss += loss.loss(others);
        sums.correct += loss.correct(others, batch, 1 - batch.share, group);
        loss.gradient(labels, &others);
    }
}

void takeLogits(const Map& logits, std::int64_t count, const Slice& slice, float* to)
{
    const std::int64_t classes = logits.features();
    for (std::int64_t sample = slice.first * lanes; sample < slice.last * lanes && sample < count; ++sample)
        for (std::int64_t c = 0; c < classes; ++c)
            to[sample * classes + c] =
                logits.data[(sample / lanes * logits.groupStride() + c) * lanes + sample % lanes];
}

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
