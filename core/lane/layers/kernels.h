// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/kernels.h"
#include "core/lane/vec.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

void addLoss(const LossPlan& plan, const Batch& batch, const LossDivisors& divisors, const Slice& slice,
             LossSums& sums);
void takeLogits(const Map& logits, std::int64_t count, const Slice& slice, float* to);
void moveParameters(const Update& update, const UpdateRange& range);
void addGradients(const float* from, float* to, std::int64_t count, float factor, bool assigns);
double squareSum(const float* values, std::int64_t count);

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
