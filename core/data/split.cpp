// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/split.h"

#include "core/base/philox.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace torchdesk {

namespace {

Expected<std::vector<std::int64_t>> splitOrder(const TrainingPlan& plan, std::int64_t count)
{
    if (plan.split == "random")
        return permutation(count, Random(plan.seed, Purpose::Split));
    if (plan.split != "end")
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("split: found \"{}\", wanted \"end\" or \"random\".", shortened(plan.split, 60)));
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    return order;
}

} // namespace

Expected<Split> makeSplit(const TrainingPlan& plan, std::int64_t count)
{
    const double share = plan.validationShare;
    if (!(share >= 0 && share < 1))
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("validation_share: found {}, wanted at least 0 and less than 1.", toText(share)));
    if (count < 0 || count > std::int64_t{UINT32_MAX})
        return failure(ErrorKind::InvalidInput,
                       fmt::format("The data set counts {} samples to train, at most {} can be used.", count,
                                   UINT32_MAX));
    // Keras: floor(count * (1 - validation_split)), in doubles.
    const auto kept = static_cast<std::int64_t>(std::floor(static_cast<double>(count) * (1.0 - share)));
    if (kept < 1)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("validation_share: {} of {} samples leaves none to train on. Choose a smaller share.",
                        toText(share), count));
    auto order = splitOrder(plan, count);
    if (!order)
        return failure(order);
    Split split;
    split.train.assign(order->begin(), order->begin() + kept);
    split.validation.assign(order->begin() + kept, order->end());
    return split;
}

void keepShare(const TrainingPlan& plan, Split& split)
{
    if (plan.trainShare >= 1 || split.train.empty())
        return;
    const auto count = static_cast<std::int64_t>(split.train.size());
    const auto wanted = static_cast<std::int64_t>(std::llround(static_cast<double>(count) * plan.trainShare));
    std::vector<std::int64_t> places = permutation(count, Random(plan.seed, Purpose::Split, 1));
    places.resize(static_cast<std::size_t>(std::max<std::int64_t>(wanted, 1)));
    std::sort(places.begin(), places.end());
    for (std::int64_t& place : places)
        place = split.train[static_cast<std::size_t>(place)];
    split.train = std::move(places);
}

} // namespace torchdesk
