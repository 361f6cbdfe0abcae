// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/picturedecoders.h"

#include <algorithm>
#include <png.h>

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

/// Colours and a last channel of alpha become colours over white.
std::vector<std::uint8_t> overWhite(const std::vector<std::uint8_t>& pixels, std::size_t colours)
{
    const std::size_t count = pixels.size() / (colours + 1);
    std::vector<std::uint8_t> out(count * colours);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t* pixel = &pixels[i * (colours + 1)];
        const unsigned alpha = pixel[colours];
        for (std::size_t c = 0; c < colours; ++c)
            out[i * colours + c] =
                static_cast<std::uint8_t>((pixel[c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
    return out;
}

} // namespace

Expected<Picture> decodePng(std::span<const std::byte> bytes, const std::string& source)
{
    if (auto checked = checkHeader(bytes, source); !checked)
        return failure(checked);
    PngImage image;
    if (!image.begin(bytes))
        return damagedPicture(source, "PNG", image.message());
    const bool colour = ((*image).format & PNG_FORMAT_FLAG_COLOR) != 0;
    // 16 bit are taken as the same curve with more steps, as every viewer shows them, not as linear light.
    (*image).flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
    (*image).format = colour ? PNG_FORMAT_RGBA : PNG_FORMAT_GA;
    const std::size_t colours = colour ? 3 : 1;
    std::vector<std::uint8_t> pixels(std::size_t{(*image).width} * (*image).height * (colours + 1));
    if (!image.finish(pixels))
        return damagedPicture(source, "PNG", image.message());
    Picture picture;
    picture.width = static_cast<int>((*image).width);
    picture.height = static_cast<int>((*image).height);
    picture.channels = static_cast<int>(colours);
    picture.pixels = overWhite(pixels, colours);
    return picture;
}

} // namespace torchdesk
