// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/picturedecoders.h"

#include <optional>

namespace torchdesk {

/// What a picture's header says, without decoding it.
struct PictureProbe
{
    PictureFormat format = PictureFormat::Png;
    int width = 0; ///< as it stands once it is turned
    int height = 0;
    int channels = 1; ///< 1 (grey) or 3 (colour); alpha is not counted
    int bits = 8;     ///< 8 or 16, as the decoder gives them
    int pages = 1;
    int orientation = 1;      ///< of EXIF or TIFF, 1 to 8
    bool progressive = false; ///< a JPEG in several scans, which is held as a whole while it is decoded

    bool operator==(const PictureProbe&) const = default;
};

/// Reads the header. \p bytes may be the beginning of the file alone (64 KiB do for nearly every PNG and
/// JPEG): nullopt means that the header goes on behind them, so read more; from a whole file it means that
/// the picture is cut. An error: it is no picture, or one that decodePicture() refuses for its size, for CMYK
/// colours in a JPEG or for the numbers of a TIFF. What passes here can still be damaged further on. Cheap;
/// any thread.
Expected<std::optional<PictureProbe>> probePicture(std::span<const std::byte> bytes,
                                                   const std::string& source);

/// The orientation alone: EXIF's in JPEG and PNG, the tag of a TIFF; 1 where there is none.
int pictureOrientation(std::span<const std::byte> bytes);

} // namespace torchdesk
