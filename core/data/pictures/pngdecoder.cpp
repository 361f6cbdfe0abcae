// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picturedecoders.h"

#include <algorithm>
#include <png.h>
#include <utility>

namespace torchdesk {

namespace {

// Signature, then the chunk IHDR: length, name, width, height, depth, colour type.
constexpr std::size_t widthAt = 16;
constexpr std::size_t depthAt = 24;
constexpr std::size_t headerEnd = 33;
/// Deflate packs at best 1032 to 1.
constexpr std::uint64_t bestPngPacking = 1032;

std::uint32_t number(std::span<const std::byte> bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
    return value;
}

Expected<void> checkHeader(std::span<const std::byte> bytes, const std::string& source)
{
    if (bytes.size() < headerEnd)
        return damagedPicture(source, "PNG", "its header is not complete");
    const std::uint64_t depth = std::max(1u, std::to_integer<unsigned>(bytes[depthAt]));
    const std::uint64_t mostPlausible = bytes.size() * bestPngPacking * 8 / depth;
    return checkPictureSize(number(bytes, widthAt), number(bytes, widthAt + 4), mostPlausible, source);
}

/// libpng's simplified interface: it catches its own long jumps, none crosses our frames.
class PngImage
{
public:
    PngImage() { m_image.version = PNG_IMAGE_VERSION; }
    ~PngImage() { png_image_free(&m_image); }
    PngImage(const PngImage&) = delete;
    PngImage& operator=(const PngImage&) = delete;

    bool begin(std::span<const std::byte> bytes)
    {
        return png_image_begin_read_from_memory(&m_image, bytes.data(), bytes.size()) != 0;
    }
    bool finish(std::vector<std::uint8_t>& out)
    {
        return png_image_finish_read(&m_image, nullptr, out.data(), 0, nullptr) != 0;
    }
    png_image& operator*() { return m_image; }
    const char* message() const { return m_image.message; }

private:
    png_image m_image{};
};

} // namespace

Expected<Picture> decodePng(std::span<const std::byte> bytes, const std::string& source)
{
    if (auto checked = checkHeader(bytes, source); !checked)
        return failure(checked);
    if (std::to_integer<unsigned>(bytes[depthAt]) == 16)
        return decodeSixteenBitPng(bytes, source);
    PngImage image;
    if (!image.begin(bytes))
        return damagedPicture(source, "PNG", image.message());
    const bool colour = ((*image).format & PNG_FORMAT_FLAG_COLOR) != 0;
    const bool alpha = ((*image).format & PNG_FORMAT_FLAG_ALPHA) != 0;
    (*image).format =
        colour ? (alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB) : (alpha ? PNG_FORMAT_GA : PNG_FORMAT_GRAY);
    const std::size_t colours = colour ? 3 : 1;
    std::vector<std::uint8_t> pixels(std::size_t{(*image).width} * (*image).height *
                                     (colours + (alpha ? 1 : 0)));
    if (!image.finish(pixels))
        return damagedPicture(source, "PNG", image.message());
    Picture picture;
    picture.width = static_cast<int>((*image).width);
    picture.height = static_cast<int>((*image).height);
    picture.channels = static_cast<int>(colours);
    picture.pixels = alpha ? overWhite(pixels, colours) : std::move(pixels);
    return picture;
}

} // namespace torchdesk
