// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/batch.h"

namespace torchdesk::test {

/// Three classes, two samples, of classes 0 and 2; mixed with 1 and 0.
inline Batch twoSamples(bool mixed)
{
    Batch batch;
    batch.labels = at::tensor({0, 2}, at::kLong);
    if (mixed) {
        batch.otherLabels = at::tensor({1, 0}, at::kLong);
        batch.share = 0.7;
    }
    return batch;
}

/// What a network may answer to them.
inline at::Tensor logitsOfTwo()
{
    return at::tensor({1.0f, -2.0f, 0.5f, 0.0f, 3.0f, 1.0f}).view({2, 3});
}

} // namespace torchdesk::test
