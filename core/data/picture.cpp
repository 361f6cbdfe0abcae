// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/picture.h"

#include "core/base/text.h"
#include "core/data/picturedecoders.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <new>

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
    if (beginsWith(bytes, "II*") || beginsWith(bytes, "MM"))
        return "it is a TIFF";
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

Expected<Picture> decodePicture(std::span<const std::byte> bytes, const std::string& source)
{
    try {
        if (beginsWith(bytes, "\x89PNG\r\n\x1a\n"))
            return decodePng(bytes, source);
        if (beginsWith(bytes, "\xff\xd8\xff"))
            return decodeJpeg(bytes, source);
    } catch (const std::bad_alloc&) {
        return failure(ErrorKind::OutOfMemory,
                       fmt::format("{} does not fit into memory once decoded.", source));
    }
    return failure(
        ErrorKind::Unsupported,
        fmt::format("{} is no PNG or JPEG picture: {}. Save it as PNG or JPEG.", source, guess(bytes)));
}

Expected<Picture> readPicture(const std::filesystem::path& file)
{
    const auto bytes = readBytes(file, largestFile);
    if (!bytes)
        return failure(bytes);
    return decodePicture(*bytes, shown(file));
}

} // namespace torchdesk
