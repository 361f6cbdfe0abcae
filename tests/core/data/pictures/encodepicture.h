// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/picture.h"

#include <string>

/// Pictures encoded for tests, by the same libraries that the decoders use.
namespace torchdesk::test {

/// What is stored in a PNG. \c colour is libpng's colour type.
struct PngContent
{
    int width = 0;
    int height = 0;
    int depth = 8;
    int colour = 0;
    std::string rows;    ///< as stored
    std::string palette; ///< triples
    bool interlaced = false;
};

std::string encodePng(const PngContent& content);
std::string encodePng(const Picture& picture);
std::string encodeJpeg(const Picture& picture, int quality = 95);
/// Of one colour, in CMYK, which is not read.
std::string encodeCmykJpeg(int width, int height);

inline Expected<Picture> decode(const std::string& bytes)
{
    return decodePicture(std::as_bytes(std::span(bytes)), "picture");
}

} // namespace torchdesk::test
