// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/files.h"
#include "core/data/pictures/picture.h"

#include <cstdint>
#include <limits>
#include <optional>

/// The decoders behind decodePicture(), and the checks they share.
namespace torchdesk {

enum class PictureFormat
{
    Png,
    Jpeg,
    Tiff
};

/// By the first bytes; nullopt for anything else.
std::optional<PictureFormat> pictureFormat(std::span<const std::byte> bytes);
/// "… is no PNG, JPEG or TIFF picture: …", with a guess of what it is.
tl::unexpected<Error> noPicture(std::span<const std::byte> bytes, const std::string& source);

/// \p bytes begin as the format does. The picture is not turned yet. May throw std::bad_alloc.
Expected<Picture> decodePng(std::span<const std::byte> bytes, const std::string& source);
Expected<Picture> decodeJpeg(std::span<const std::byte> bytes, const std::string& source,
                             const PictureWish& wish);
/// Turned by its own tag.
Expected<Picture> decodeTiff(std::span<const std::byte> bytes, const std::string& source);
/// A PNG of 16 bits, whose header was checked.
Expected<Picture> decodeSixteenBitPng(std::span<const std::byte> bytes, const std::string& source);

/// Refuses a size of zero, more than 100 million pixels, and more pixels than \p mostPlausible, which is what
/// a file of this length can hold at all: so a few damaged bytes cannot ask for much memory.
Expected<void> checkPictureSize(std::int64_t width, std::int64_t height, std::uint64_t mostPlausible,
                                const std::string& source);
/// "<source> has CMYK colours …": a JPEG of four channels.
tl::unexpected<Error> cmykPicture(const std::string& source);

/// How a TIFF stores a pixel, in libtiff's numbers.
struct TiffNumbers
{
    std::uint64_t samples = 1;
    std::uint64_t bits = 1;
    std::uint64_t photometric = 1;
    std::uint64_t format = 1; ///< unsigned

    bool grey() const { return photometric <= 1; }
};

/// Refuses what is signed, floating, of more than 16 bits, or of 16 bits in neither grey nor RGB.
Expected<void> checkTiffNumbers(const TiffNumbers& numbers, const std::string& source);
/// "<source> is a damaged PNG …", with the library's words as details.
tl::unexpected<Error> damagedPicture(const std::string& source, const char* format, const char* reason);

/// Colours with a last channel of alpha become colours over white. Works on bytes and on 16 bits.
template <class Value>
std::vector<Value> overWhite(const std::vector<Value>& pixels, std::size_t colours)
{
    constexpr std::uint64_t most = std::numeric_limits<Value>::max();
    const std::size_t count = pixels.size() / (colours + 1);
    std::vector<Value> out(count * colours);
    for (std::size_t i = 0; i < count; ++i) {
        const Value* pixel = &pixels[i * (colours + 1)];
        const std::uint64_t alpha = pixel[colours];
        for (std::size_t c = 0; c < colours; ++c)
            out[i * colours + c] =
                static_cast<Value>((pixel[c] * alpha + most * (most - alpha) + most / 2) / most);
    }
    return out;
}

} // namespace torchdesk
