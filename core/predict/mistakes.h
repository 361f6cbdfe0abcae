// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

#include <vector>

namespace torchdesk {

/// A sample that a network takes for another class.
struct Mistake
{
    std::int64_t index = 0; ///< in its store
    std::int64_t label = 0;
    std::int64_t answer = 0;
    float probability = 0; ///< that the network gives its answer

    bool operator==(const Mistake&) const = default;
};

/// Every mistake in \p store (samples of \p shape), the surest first, then by index. Blocks for as long as
/// the network computes; \p progress between groups of samples; \p stop gives ErrorKind::Cancelled.
Expected<std::vector<Mistake>> findMistakes(Predictor& predictor, const SampleStore& store,
                                            const Shape& shape, const Progress& progress = {},
                                            std::stop_token stop = {});

} // namespace torchdesk
