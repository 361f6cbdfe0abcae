// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace torchdesk::augment {

/// Where a pixel of the result comes from: source x = xx·x + xy·y + x0, source y = yx·x + yy·y + y0. The
/// centres of pixels are whole numbers; y grows downwards.
struct AffineMap
{
    double xx = 1;
    double xy = 0;
    double x0 = 0;
    double yx = 0;
    double yy = 1;
    double y0 = 0;

    bool operator==(const AffineMap&) const = default;
    /// No pixel falls between others: flips and whole shifts only.
    bool isExact() const;
    /// Rows stay rows.
    bool isUpright() const { return xy == 0 && yx == 0; }
};

/// The map of a picture that is first changed by \p first, and the result of that by \p second.
AffineMap then(const AffineMap& first, const AffineMap& second);

} // namespace torchdesk::augment
