// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/affine.h"

#include <cmath>

namespace torchdesk::augment {

bool AffineMap::isExact() const
{
    return isUpright() && std::abs(xx) == 1 && std::abs(yy) == 1 && std::floor(x0) == x0 &&
           std::floor(y0) == y0;
}

// Maps lead back from the result to the source, so the second change is undone first.
AffineMap then(const AffineMap& first, const AffineMap& second)
{
    AffineMap both;
    both.xx = first.xx * second.xx + first.xy * second.yx;
    both.xy = first.xx * second.xy + first.xy * second.yy;
    both.x0 = first.xx * second.x0 + first.xy * second.y0 + first.x0;
    both.yx = first.yx * second.xx + first.yy * second.yx;
    both.yy = first.yx * second.xy + first.yy * second.yy;
    both.y0 = first.yx * second.x0 + first.yy * second.y0 + first.y0;
    return both;
}

} // namespace torchdesk::augment
