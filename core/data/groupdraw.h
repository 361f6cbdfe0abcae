// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/philox.h"

#include <cstdint>
#include <span>
#include <vector>

namespace torchdesk {

/// Draws about \p share of the samples of each class, whole groups only. \p groups and \p labels have one
/// number a sample. The groups come in a random order; one is taken where it brings the counts of the classes
/// nearer to round(share × samples of the class), summed over its classes. Returns the drawn samples, sorted.
std::vector<std::int64_t> drawGroups(std::span<const std::int64_t> labels,
                                     std::span<const std::int64_t> groups, double share, Random random);

} // namespace torchdesk
