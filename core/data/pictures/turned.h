// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/picture.h"

namespace torchdesk {

/// Turns and mirrors a picture so that it stands as it was taken. \p orientation is that of EXIF and TIFF: 1
/// as it is, 2 mirrored, 3 half a turn, 4 upside down, 5 to 8 with rows and columns exchanged; anything else
/// counts as 1.
Picture turned(Picture picture, int orientation);

/// Whether width and height change places.
inline bool swapsSides(int orientation)
{
    return orientation >= 5 && orientation <= 8;
}

} // namespace torchdesk
