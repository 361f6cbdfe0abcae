// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/groupdraw.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace torchdesk {

namespace {

/// Samples in the order of their groups, and where each group begins in it.
struct GroupedSamples
{
    std::vector<std::int64_t> samples;
    std::vector<std::size_t> begins; ///< one more than there are groups
};

GroupedSamples groupedSamples(std::span<const std::int64_t> groups)
{
    GroupedSamples made;
    made.samples.resize(groups.size());
    std::iota(made.samples.begin(), made.samples.end(), std::int64_t{0});
    const auto groupOf = [&](std::int64_t sample) { return groups[static_cast<std::size_t>(sample)]; };
    std::ranges::stable_sort(made.samples, {}, groupOf);
    for (std::size_t i = 0; i < made.samples.size(); ++i) {
        if (i == 0 || groupOf(made.samples[i]) != groupOf(made.samples[i - 1]))
            made.begins.push_back(i);
    }
    made.begins.push_back(made.samples.size());
    return made;
}

/// How many samples each class still lacks.
std::vector<std::int64_t> wantedCounts(std::span<const std::int64_t> labels, double share)
{
    std::vector<std::int64_t> counts;
    for (const std::int64_t label : labels) {
        if (const auto index = static_cast<std::size_t>(label); index >= counts.size())
            counts.resize(index + 1);
        ++counts[static_cast<std::size_t>(label)];
    }
    for (std::int64_t& count : counts)
        count = std::llround(share * static_cast<double>(count));
    return counts;
}

} // namespace

std::vector<std::int64_t> drawGroups(std::span<const std::int64_t> labels,
                                     std::span<const std::int64_t> groups, double share, Random random)
{
    const GroupedSamples grouped = groupedSamples(groups);
    std::vector<std::int64_t> lacking = wantedCounts(labels, share);
    std::vector<std::int64_t> drawn;
    for (const std::int64_t group : permutation(std::ssize(grouped.begins) - 1, random)) {
        const auto at = static_cast<std::size_t>(group);
        const std::span<const std::int64_t> samples =
            std::span(grouped.samples)
                .subspan(grouped.begins[at], grouped.begins[at + 1] - grouped.begins[at]);
        std::int64_t nearer = 0; // by how much the distances shrink, sample by sample
        for (const std::int64_t sample : samples)
            nearer +=
                lacking[static_cast<std::size_t>(labels[static_cast<std::size_t>(sample)])]-- > 0 ? 1 : -1;
        if (nearer > 0) {
            drawn.insert(drawn.end(), samples.begin(), samples.end());
            continue;
        }
        for (const std::int64_t sample : samples)
            ++lacking[static_cast<std::size_t>(labels[static_cast<std::size_t>(sample)])];
    }
    std::ranges::sort(drawn);
    return drawn;
}

} // namespace torchdesk
