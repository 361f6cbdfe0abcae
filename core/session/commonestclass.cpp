// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/commonestclass.h"

#include <algorithm>

namespace torchdesk {

std::optional<double> commonestShare(const TrainingJob& job)
{
    if (!job.data.train || job.split.train.empty() || job.data.description.classes.empty())
        return std::nullopt;
    const auto labels = job.data.train->labels();
    std::vector<std::int64_t> counts(job.data.description.classes.size());
    for (const std::int64_t index : job.split.train)
        ++counts[static_cast<std::size_t>(labels[static_cast<std::size_t>(index)])];
    const auto commonest = std::max_element(counts.begin(), counts.end()) - counts.begin();
    const auto& part = job.split.validation.empty() ? job.split.train : job.split.validation;
    const auto hits = std::count_if(part.begin(), part.end(), [&](std::int64_t index) {
        return labels[static_cast<std::size_t>(index)] == commonest;
    });
    return static_cast<double>(hits) / static_cast<double>(part.size());
}

} // namespace torchdesk
