// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/predict/mistakes.h"

#include "core/model/softmax.h"

#include <algorithm>
#include <span>

namespace torchdesk {

namespace {

constexpr std::int64_t samplesAtOnce = 64;

/// Adds the mistakes among the samples from \p first on, whose logits these are.
void addMistakes(std::vector<Mistake>& mistakes, std::span<const float> logits,
                 std::span<const std::int64_t> labels, std::int64_t first)
{
    const std::size_t classes = logits.size() / labels.size();
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::vector<float> probabilities = softmax(logits.subspan(i * classes, classes));
        const auto best = std::max_element(probabilities.begin(), probabilities.end());
        const std::int64_t answer = best - probabilities.begin();
        if (answer != labels[i])
            mistakes.push_back({first + static_cast<std::int64_t>(i), labels[i], answer, *best});
    }
}

} // namespace

Expected<std::vector<Mistake>> findMistakes(Predictor& predictor, const SampleStore& store,
                                            const Shape& shape, const Progress& progress,
                                            std::stop_token stop)
{
    const auto bytes = static_cast<std::size_t>(elementCount(shape).value_or(0));
    const std::int64_t count = store.count();
    std::vector<Mistake> mistakes;
    for (std::int64_t first = 0; first < count; first += samplesAtOnce) {
        if (stop.stop_requested())
            return failure(ErrorKind::Cancelled, "Looking for mistakes was stopped.");
        const std::int64_t some = std::min(samplesAtOnce, count - first);
        const auto at = static_cast<std::size_t>(first);
        const auto size = static_cast<std::size_t>(some);
        const auto logits = predictor.logits(store.samples().subspan(at * bytes, size * bytes), some);
        if (!logits)
            return failure(logits);
        addMistakes(mistakes, *logits, store.labels().subspan(at, size), first);
        if (progress)
            progress(static_cast<double>(first + some) / static_cast<double>(count), "looking for mistakes");
    }
    std::stable_sort(mistakes.begin(), mistakes.end(),
                     [](const Mistake& a, const Mistake& b) { return a.probability > b.probability; });
    return mistakes;
}

} // namespace torchdesk
