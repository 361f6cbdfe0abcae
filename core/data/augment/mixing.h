// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/augment/stream.h"
#include "core/plan/augmentation.h"

#include <span>
#include <vector>

namespace torchdesk::augment {

/// How the pictures of one batch are mixed: picture i with picture partners[i]. Mixup (Zhang et al., 2017):
/// all of it is own × share + partner × (1 - share). CutMix (Yun et al., 2019): the box is the partner's, and
/// share is what is left of the own picture's area. The label is mixed with the same share.
struct Mix
{
    std::vector<std::int64_t> partners; ///< empty: nothing is mixed
    double share = 1;                   ///< of the own picture and label
    Box box;                            ///< what is blended or pasted
    bool paste = false;                 ///< the box becomes the partner's

    bool active() const { return !partners.empty(); }
};

/// Of a batch of \p count. Where the plan has both kinds, each batch gets one of them, drawn like a coin.
Mix drawMix(const Augmentation& augmentation, const PictureShape& shape, std::int64_t count,
            const Turn& turn);

/// Mixes \p pictures, one after the other, in place. \p scratch is used again from batch to batch.
void mix(const Mix& mix, const PictureShape& shape, std::span<float> pictures, std::vector<float>& scratch);

/// A number in [0, 1] of Beta(alpha, alpha), alpha > 0: two gammas by Marsaglia and Tsang ("A simple method
/// for generating gamma variables", 2000), as logarithms, so that a small alpha gives 0 and 1, not 0 / 0.
double drawBeta(double alpha, Random& random);

} // namespace torchdesk::augment
