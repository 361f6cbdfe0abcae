// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace torchdesk::test {

/// What is stored in a TIFF, in libtiff's numbers.
struct TiffContent
{
    int width = 0;
    int height = 0;
    int bits = 8;
    int samples = 1;
    std::string rows; ///< as stored in memory, sample after sample
    int photometric = 1;
    int compression = 1;
    int orientation = 1;
    bool tiled = false;                      ///< tiles of 16×16; whole pixels only
    bool apart = false;                      ///< planes one after the other (rows too)
    int extra = -1;                          ///< the kind of the last sample
    int format = 1;                          ///< unsigned
    int pages = 1;                           ///< the same again
    const char* mode = "w";                  ///< "wb" big-endian, "wl" little-endian, "w8" BigTIFF
    std::vector<std::uint16_t> palette = {}; ///< red, green and blue of all entries
};

std::string encodeTiff(const TiffContent& content);

} // namespace torchdesk::test
