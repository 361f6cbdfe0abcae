// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/split.h"

#include "core/base/philox.h"
#include "core/base/text.h"
#include "core/data/groupdraw.h"

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

Expected<void> checkShare(double share)
{
    if (share >= 0 && share < 1)
        return {};
    return failure(
        ErrorKind::InvalidInput,
        fmt::format("validation_share: found {}, wanted at least 0 and less than 1.", toText(share)));
}

tl::unexpected<Error> noneToTrain(double share, std::int64_t count)
{
    return failure(
        ErrorKind::InvalidInput,
        fmt::format("validation_share: {} of {} samples leaves none to train on. Choose a smaller share.",
                    toText(share), count));
}

/// The samples that can be used, in order.
std::vector<std::int64_t> usableSamples(const DataSet& data)
{
    std::vector<std::int64_t> usable;
    for (std::int64_t i = 0; i < data.train->count(); ++i) {
        if (!std::ranges::binary_search(data.parts->unusable, i))
            usable.push_back(i);
    }
    return usable;
}

/// Indices of samples that validate, sorted: \p usable ones, drawn group by group.
std::vector<std::int64_t> drawnValidation(const TrainingPlan& plan, const DataSet& data,
                                          const std::vector<std::int64_t>& usable)
{
    std::vector<std::int64_t> labels;
    std::vector<std::int64_t> groups;
    for (const std::int64_t index : usable) {
        labels.push_back(data.train->labels()[static_cast<std::size_t>(index)]);
        groups.push_back(data.parts->groups[static_cast<std::size_t>(index)]);
    }
    auto drawn = drawGroups(labels, groups, plan.validationShare, Random(plan.seed, Purpose::Split));
    for (std::int64_t& index : drawn)
        index = usable[static_cast<std::size_t>(index)];
    return drawn;
}

} // namespace

Expected<Split> makeSplit(const TrainingPlan& plan, std::int64_t count)
{
    const double share = plan.validationShare;
    if (const auto checked = checkShare(share); !checked)
        return failure(checked);
    if (count < 0 || count > std::int64_t{UINT32_MAX})
        return failure(ErrorKind::InvalidInput,
                       fmt::format("The data set counts {} samples to train, at most {} can be used.", count,
                                   UINT32_MAX));
    // Keras: floor(count * (1 - validation_split)), in doubles.
    const auto kept = static_cast<std::int64_t>(std::floor(static_cast<double>(count) * (1.0 - share)));
    if (kept < 1)
        return noneToTrain(share, count);
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

Expected<Split> makeSplit(const TrainingPlan& plan, const DataSet& data)
{
    if (!data.parts || data.parts->groups.empty())
        return makeSplit(plan, data.train->count());
    if (const auto checked = checkShare(plan.validationShare); !checked)
        return failure(checked);
    const auto usable = usableSamples(data);
    const auto& own = data.parts->validation;
    const auto validation = own.empty() ? drawnValidation(plan, data, usable) : own;
    Split split;
    for (const std::int64_t index : usable)
        (std::ranges::binary_search(validation, index) ? split.validation : split.train).push_back(index);
    if (split.train.empty())
        return noneToTrain(plan.validationShare, std::ssize(usable));
    return split;
}

std::optional<DataNotice> noValidationNotice(const TrainingPlan& plan, const DataSet& data,
                                             const Split& split)
{
    if (!split.validation.empty())
        return std::nullopt;
    if (data.parts && !data.parts->validation.empty())
        return DataNotice{"No picture of the validation part can be used, so there is no validation.", true};
    if (plan.validationShare <= 0)
        return std::nullopt;
    return DataNotice{
        fmt::format("validation_share: {} of so few {} is none, so there is no validation.",
                    toText(plan.validationShare),
                    data.parts && !data.parts->groups.empty() ? "pictures or groups" : "samples"),
        true};
}

} // namespace torchdesk
