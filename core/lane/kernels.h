// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/layer.h"
#include "core/lane/loss.h"
#include "core/lane/update.h"

namespace torchdesk::lane {

/// What is compiled once for each kind of processor.
struct Kernels
{
    const char* name; ///< "avx512", "avx2", "baseline"
    int lanes;        ///< samples of a group
    /// The layer of a kind, owned by the caller; nullptr for a kind that there is none for.
    Layer* (*makeLayer)(const char* kind, const LayerPlan& plan);
    /// Loss and its gradient by the logits, of the groups of a slice; adds to the sums.
    void (*addLoss)(const LossPlan& plan, const Batch& batch, const LossDivisors& divisors,
                    const Slice& slice, LossSums& sums);
    /// Writes [sample][class] of the slice.
    void (*takeLogits)(const Map& logits, std::int64_t count, const Slice& slice, float* to);
    void (*moveParameters)(const Update& update, const UpdateRange& range);
    /// to = from × factor, or to += from × factor.
    void (*addGradients)(const float* from, float* to, std::int64_t count, float factor, bool assigns);
    double (*squareSum)(const float* values, std::int64_t count);
};

namespace lanes4 {
extern const Kernels kernels;
}
namespace lanes8 {
extern const Kernels kernels;
}
namespace lanes16 {
extern const Kernels kernels;
}

/// The widest that this processor has. \p most bounds the lanes: 16, 8 or 4.
const Kernels& kernelsHere(int most = 16);

} // namespace torchdesk::lane
