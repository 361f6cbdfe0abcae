// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/classbalance.h"

#include "core/base/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace torchdesk {

namespace {

/// What is drawn for one epoch, each from a stream of its own.
enum class Drawn : std::uint32_t
{
    Place = 0,  ///< which class comes where
    Sample = 1, ///< which sample of it
    Class = 2,  ///< which classes come once more
};

std::string className(const std::vector<std::string>& classes, std::size_t label)
{
    return label < classes.size() ? classes[label] : std::to_string(label);
}

/// The indices of each class that has any.
std::vector<std::vector<std::int64_t>> membersOf(std::span<const std::int64_t> labels,
                                                 std::span<const std::int64_t> samples, std::size_t classes)
{
    std::vector<std::vector<std::int64_t>> members(classes);
    for (const std::int64_t index : samples) {
        const auto label = static_cast<std::size_t>(labels[static_cast<std::size_t>(index)]);
        if (label < classes)
            members[label].push_back(index);
    }
    std::erase_if(members, [](const auto& each) { return each.empty(); });
    return members;
}

} // namespace

std::vector<std::int64_t> classCounts(std::span<const std::int64_t> labels,
                                      std::span<const std::int64_t> indices, std::size_t classes)
{
    std::vector<std::int64_t> counts(classes);
    for (const std::int64_t index : indices) {
        const auto label = static_cast<std::size_t>(labels[static_cast<std::size_t>(index)]);
        if (label < classes)
            ++counts[label];
    }
    return counts;
}

std::optional<ClassImbalance> findImbalance(std::span<const std::int64_t> counts)
{
    std::optional<ClassImbalance> found;
    for (std::size_t label = 0; label < counts.size(); ++label) {
        const std::int64_t count = counts[label];
        if (count <= 0)
            continue;
        if (!found)
            found = ClassImbalance{label, label, count, count};
        if (count > found->mostSamples) {
            found->largest = label;
            found->mostSamples = count;
        }
        if (count < found->fewestSamples) {
            found->smallest = label;
            found->fewestSamples = count;
        }
    }
    if (found && found->mostSamples / found->fewestSamples < unevenRatio)
        found.reset();
    return found;
}

std::string imbalanceText(const ClassImbalance& imbalance, const std::vector<std::string>& classes)
{
    return fmt::format("The classes are uneven: '{}' has {} training samples, '{}' {}. class_balance=weights "
                       "or class_balance=sampling makes up for that.",
                       className(classes, imbalance.largest), grouped(imbalance.mostSamples),
                       className(classes, imbalance.smallest), grouped(imbalance.fewestSamples));
}

std::vector<double> balancedWeights(std::span<const std::int64_t> counts)
{
    const auto samples = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
    const auto present =
        static_cast<double>(std::ranges::count_if(counts, [](std::int64_t count) { return count > 0; }));
    std::vector<double> weights;
    weights.reserve(counts.size());
    for (const std::int64_t count : counts)
        weights.push_back(count > 0 ? samples / (present * static_cast<double>(count)) : 0);
    return weights;
}

// The places of the epoch are dealt round to the classes, which makes the shares exact; a permutation says
// which place is dealt when.
std::vector<std::int64_t> balancedOrder(std::span<const std::int64_t> labels,
                                        std::span<const std::int64_t> samples, std::size_t classes,
                                        std::uint64_t seed, std::uint64_t epoch)
{
    const auto members = membersOf(labels, samples, classes);
    if (members.empty())
        return {};
    const auto stream = [&](Drawn what) {
        return Random(seed, Purpose::Balance, epoch, static_cast<std::uint32_t>(what));
    };
    std::vector<std::int64_t> order = permutation(std::ssize(samples), stream(Drawn::Place));
    const std::vector<std::int64_t> dealt = permutation(std::ssize(members), stream(Drawn::Class));
    Random draws = stream(Drawn::Sample);
    for (std::int64_t& place : order) {
        const std::int64_t next = dealt[static_cast<std::size_t>(place) % members.size()];
        const auto& from = members[static_cast<std::size_t>(next)];
        place = from[draws.below(static_cast<std::uint32_t>(from.size()))];
    }
    return order;
}

} // namespace torchdesk
