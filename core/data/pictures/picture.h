// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/preprocessing.h"

#include <cstdint>
#include <filesystem>

namespace torchdesk {

/// A decoded picture: height × width × channels values, rows from the top; 1 (grey) or 3 (RGB) channels.
struct Picture
{
    int width = 0;
    int height = 0;
    int channels = 1;
    std::vector<std::uint8_t> pixels;
    /// The values of a picture stored with 16 bits, as stored; pixels is empty then. toSample() brings them
    /// to 8 bits by the range of the run.
    std::vector<std::uint16_t> deep = {};
    int pages = 1; ///< in the file; the first is what is here
};

/// What a picture is decoded for. A JPEG that is much larger may come at a half, a quarter or an eighth of
/// its size, never smaller than is asked for. All zero: the whole picture.
struct PictureWish
{
    int width = 0;
    int height = 0;
    bool either = false; ///< one of the two sides reaching its size is enough ("fill")
    bool grey = false;   ///< colours are not needed; the picture may have them all the same
};

/// The wish that goes with toSample(): training and prediction then see the same bytes.
PictureWish wishFor(const Preprocessing& preprocessing);

/// Decodes PNG, JPEG or TIFF (told by its first bytes; of a TIFF the first page). Alpha is laid over white,
/// palettes are resolved, and the picture is turned as its EXIF or TIFF orientation says. Refuses more than
/// 100 million pixels before memory is taken. Blocks; any thread.
Expected<Picture> readPicture(const std::filesystem::path& file, const PictureWish& wish = {});
Expected<Picture> decodePicture(std::span<const std::byte> bytes, const std::string& source,
                                const PictureWish& wish = {});

/// What the network's input stores for this picture: channels × height × width bytes, by the rules of
/// Preprocessing::picture. 16-bit values v become 255 × (v - low) / (high - low), held within 0 … 255, where
/// {low, high} is Preprocessing::range, or 0 and 65535. A digit on light paper is inverted (decided by the
/// border's brightness).
std::vector<std::uint8_t> toSample(const Picture& picture, const Preprocessing& preprocessing);

} // namespace torchdesk
