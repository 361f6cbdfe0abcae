// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/layer.h"

namespace torchdesk::lane {

/// What the loss of a training needs beside logits and labels.
struct LossPlan
{
    Map logits;
    Map gradient; ///< of the logits; data null where nothing is trained
    double labelSmoothing = 0;
    const float* classWeights = nullptr; ///< one a class, or null; borrowed
};

/// Sums of one thread.
struct LossSums
{
    double loss = 0;    ///< the thread's part of the mean loss of the batch
    double correct = 0; ///< samples whose largest logit is the label's; of a mixed batch by share
};

/// By what the sums over the samples are divided: the sum of the weights of the labels, or their number. Of
/// the labels, and of the other labels of a mixed batch.
struct LossDivisors
{
    double labels = 1;
    double otherLabels = 1;
};

LossDivisors lossDivisors(const LossPlan& plan, const Batch& batch);

} // namespace torchdesk::lane
