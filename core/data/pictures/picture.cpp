// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picture.h"

#include "core/base/text.h"
#include "core/data/pictures/picturedecoders.h"
#include "core/data/pictures/pictureprobe.h"
#include "core/data/pictures/turned.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <string_view>
#include <utility>

namespace torchdesk {

namespace {

constexpr std::int64_t mostPixels = 100'000'000;
constexpr std::uint64_t largestFile = std::uint64_t{1} << 30;

bool beginsWith(std::span<const std::byte> bytes, std::string_view signature)
{
    return bytes.size() >= signature.size() &&
           std::memcmp(bytes.data(), signature.data(), signature.size()) == 0;
}

/// What else the file may be, for the message.
std::string guess(std::span<const std::byte> bytes)
{
    if (bytes.empty())
        return "it is empty";
    if (beginsWith(bytes, "GIF8"))
        return "it is a GIF";
    if (beginsWith(bytes, "BM"))
        return "it is a BMP";
    if (beginsWith(bytes, "RIFF"))
        return "it is a WebP or another RIFF file";
    if (beginsWith(bytes, "%PDF"))
        return "it is a PDF";
    std::string first;
    for (const std::byte byte : bytes.first(std::min<std::size_t>(bytes.size(), 4)))
        first += fmt::format(" {:02x}", std::to_integer<unsigned>(byte));
    return fmt::format("it begins with{}", first);
}

} // namespace

Expected<void> checkPictureSize(std::int64_t width, std::int64_t height, std::uint64_t mostPlausible,
                                const std::string& source)
{
    if (width < 1 || height < 1)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{} has a size of {}×{} pixels, at least 1×1 was wanted. Save the picture again.",
                        source, width, height));
    if (width > mostPixels / height)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{} has {}×{} pixels, at most {} in all can be read. Make the picture smaller.",
                        source, width, height, grouped(mostPixels)));
    if (static_cast<std::uint64_t>(width * height) > mostPlausible)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("{} claims {}×{} pixels, more than its bytes can hold: it is cut short or damaged. "
                        "Save the picture again.",
                        source, width, height));
    return {};
}

tl::unexpected<Error> damagedPicture(const std::string& source, const char* format, const char* reason)
{
    return failure(ErrorKind::InvalidInput,
                   fmt::format("{} is a damaged {} picture, or cut short ({}). Save the picture again.",
                               source, format, shortened(reason, 120)));
}

std::optional<PictureFormat> pictureFormat(std::span<const std::byte> bytes)
{
    using namespace std::string_view_literals;
    if (beginsWith(bytes, "\x89PNG\r\n\x1a\n"))
        return PictureFormat::Png;
    if (beginsWith(bytes, "\xff\xd8\xff"))
        return PictureFormat::Jpeg;
    for (const std::string_view signature : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv}) {
        if (beginsWith(bytes, signature))
            return PictureFormat::Tiff;
    }
    return std::nullopt;
}

tl::unexpected<Error> noPicture(std::span<const std::byte> bytes, const std::string& source)
{
    return failure(ErrorKind::Unsupported,
                   fmt::format("{} is no PNG, JPEG or TIFF picture: {}. Save it as one of these.", source,
                               guess(bytes)));
}

PictureWish wishFor(const Preprocessing& preprocessing)
{
    if (preprocessing.picture == "digit")
        return {};
    return {static_cast<int>(preprocessing.shape.at(2)), static_cast<int>(preprocessing.shape.at(1)),
            preprocessing.picture == "fill", preprocessing.shape.at(0) == 1};
}

Expected<Picture> decodePicture(std::span<const std::byte> bytes, const std::string& source,
                                const PictureWish& wish)
{
    try {
        const auto format = pictureFormat(bytes);
        if (!format)
            return noPicture(bytes, source);
        if (*format == PictureFormat::Tiff)
            return decodeTiff(bytes, source);
        const int orientation = pictureOrientation(bytes);
        PictureWish stored = wish;
        if (swapsSides(orientation))
            std::swap(stored.width, stored.height);
        auto picture =
            *format == PictureFormat::Png ? decodePng(bytes, source) : decodeJpeg(bytes, source, stored);
        if (!picture)
            return picture;
        return turned(std::move(*picture), orientation);
    } catch (const std::bad_alloc&) {
        return failure(ErrorKind::OutOfMemory,
                       fmt::format("{} does not fit into memory once decoded.", source));
    }
}

Expected<Picture> readPicture(const std::filesystem::path& file, const PictureWish& wish)
{
    const auto bytes = readBytes(file, largestFile);
    if (!bytes)
        return failure(bytes);
    return decodePicture(*bytes, shown(file), wish);
}

} // namespace torchdesk
