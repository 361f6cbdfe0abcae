// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/picture.h"

#include <string>

/// Pictures with a value of their own at each place, for tests.
namespace torchdesk::test {

inline Picture gradient(int width, int height, int channels)
{
    Picture picture{width, height, channels, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < channels; ++c)
                picture.pixels.push_back(static_cast<std::uint8_t>((4 * x + 6 * y + 60 * c) % 256));
        }
    }
    return picture;
}

inline std::string bytesOf(const std::vector<std::uint8_t>& pixels)
{
    return {pixels.begin(), pixels.end()};
}

/// 16-bit values in the machine's order.
inline std::string bytesOf(const std::vector<std::uint16_t>& values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size() * 2};
}

/// An EXIF block (a TIFF without pixels) that holds an orientation.
inline std::string exifWith(int orientation)
{
    std::string exif("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18);
    exif += static_cast<char>(orientation);
    return exif + std::string(7, '\0');
}

/// The JPEG with an EXIF segment behind its first marker.
inline std::string withExif(const std::string& jpeg, int orientation)
{
    const std::string exif = exifWith(orientation);
    const auto size = static_cast<char>(exif.size() + 8);
    return jpeg.substr(0, 2) + "\xff\xe1" + std::string(1, '\0') + size + std::string("Exif\0\0", 6) + exif +
           jpeg.substr(2);
}

} // namespace torchdesk::test
