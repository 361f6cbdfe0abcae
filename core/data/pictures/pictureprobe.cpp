// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/pictureprobe.h"

#include "core/data/pictures/tifftags.h"
#include "core/data/pictures/turned.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace torchdesk {

namespace {

using Header = std::optional<PictureProbe>;
using FoundHeader = Expected<Header>;

constexpr int mostPages = 65536;

std::uint64_t bigEndian(std::span<const std::byte> bytes, std::size_t at, std::size_t size)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
    return value;
}

/// 0 to 2^31 - 1: what is larger is refused for its size in any case.
int side(std::uint64_t value)
{
    return static_cast<int>(std::min<std::uint64_t>(value, std::numeric_limits<int>::max()));
}

int orientationIn(std::span<const std::byte> tiff)
{
    const auto tags = TiffTags::open(tiff);
    const auto directory = tags ? tags->directory(tags->first()) : std::nullopt;
    const std::uint64_t value = directory ? directory->value(274).value_or(1) : 1;
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

/// What stands before the first scan of a JPEG.
struct JpegStart
{
    bool framed = false; ///< a frame header was met
    std::uint64_t width = 0;
    std::uint64_t height = 0;
    std::uint64_t components = 0;
    int orientation = 1;
    bool progressive = false;
};

bool isFrame(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

JpegStart jpegStart(std::span<const std::byte> bytes)
{
    static constexpr char exif[] = "Exif\0"; // six bytes with its two zeros
    JpegStart start;
    std::size_t at = 2;
    while (!start.framed && at + 4 <= bytes.size() && bytes[at] == std::byte{0xff}) {
        const auto marker = std::to_integer<unsigned>(bytes[at + 1]);
        if (marker == 0xff || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
            at += marker == 0xff ? 1 : 2; // padding, and markers that stand alone
            continue;
        }
        const std::size_t size = bigEndian(bytes, at + 2, 2);
        if (marker == 0xda || marker == 0xd9 || size < 2 || at + 2 + size > bytes.size())
            break;
        const auto segment = bytes.subspan(at + 4, size - 2);
        if (isFrame(marker) && segment.size() >= 6)
            start = {true,
                     bigEndian(segment, 3, 2),
                     bigEndian(segment, 1, 2),
                     bigEndian(segment, 5, 1),
                     start.orientation,
                     (marker & 3) == 2};
        if (marker == 0xe1 && segment.size() > 14 && std::memcmp(segment.data(), exif, 6) == 0)
            start.orientation = orientationIn(segment.subspan(6));
        at += 2 + size;
    }
    return start;
}

/// EXIF in PNG stands before the pixels, in a chunk of its own.
int pngOrientation(std::span<const std::byte> bytes)
{
    std::size_t at = 8;
    while (at + 8 <= bytes.size()) {
        const std::size_t size = bigEndian(bytes, at, 4);
        const auto* name = reinterpret_cast<const char*>(&bytes[at + 4]);
        if (std::memcmp(name, "IDAT", 4) == 0 || size + 12 > bytes.size() - at)
            break;
        if (std::memcmp(name, "eXIf", 4) == 0)
            return orientationIn(bytes.subspan(at + 8, size));
        at += size + 12;
    }
    return 1;
}

FoundHeader pngHeader(std::span<const std::byte> bytes)
{
    if (bytes.size() < 33)
        return Header();
    const auto colourType = std::to_integer<unsigned>(bytes[25]);
    PictureProbe probe;
    probe.format = PictureFormat::Png;
    probe.width = side(bigEndian(bytes, 16, 4));
    probe.height = side(bigEndian(bytes, 20, 4));
    probe.channels = colourType == 0 || colourType == 4 ? 1 : 3;
    probe.bits = bytes[24] == std::byte{16} ? 16 : 8;
    probe.orientation = pngOrientation(bytes);
    return Header(probe);
}

FoundHeader jpegHeader(std::span<const std::byte> bytes, const std::string& source)
{
    const JpegStart start = jpegStart(bytes);
    if (!start.framed)
        return Header();
    if (start.components == 4)
        return cmykPicture(source);
    PictureProbe probe;
    probe.format = PictureFormat::Jpeg;
    probe.width = side(start.width);
    probe.height = side(start.height);
    probe.channels = start.components == 1 ? 1 : 3;
    probe.orientation = start.orientation;
    probe.progressive = start.progressive;
    return Header(probe);
}

FoundHeader tiffHeader(std::span<const std::byte> bytes, const std::string& source)
{
    const auto tags = TiffTags::open(bytes);
    const auto directory = tags ? tags->directory(tags->first()) : std::nullopt;
    if (!directory)
        return Header();
    const TiffNumbers numbers{directory->value(277).value_or(1), directory->value(258).value_or(1),
                              directory->value(262).value_or(0), directory->value(339).value_or(1)};
    if (const auto checked = checkTiffNumbers(numbers, source); !checked)
        return failure(checked);
    PictureProbe probe;
    probe.format = PictureFormat::Tiff;
    probe.width = side(directory->value(256).value_or(0));
    probe.height = side(directory->value(257).value_or(0));
    probe.channels = numbers.grey() ? 1 : 3;
    probe.bits = numbers.bits > 8 ? 16 : 8;
    probe.pages = tags->count(mostPages);
    probe.orientation = orientationIn(bytes);
    return Header(probe);
}

} // namespace

Expected<std::optional<PictureProbe>> probePicture(std::span<const std::byte> bytes,
                                                   const std::string& source)
{
    const auto format = pictureFormat(bytes);
    if (!format)
        return noPicture(bytes, source);
    FoundHeader found = *format == PictureFormat::Png    ? pngHeader(bytes)
                        : *format == PictureFormat::Jpeg ? jpegHeader(bytes, source)
                                                         : tiffHeader(bytes, source);
    if (!found || !*found)
        return found;
    Header& header = *found;
    if (auto checked = checkPictureSize(header->width, header->height,
                                        std::numeric_limits<std::uint64_t>::max(), source);
        !checked)
        return failure(checked);
    if (swapsSides(header->orientation))
        std::swap(header->width, header->height);
    return found;
}

int pictureOrientation(std::span<const std::byte> bytes)
{
    const auto format = pictureFormat(bytes);
    if (format == PictureFormat::Png)
        return pngOrientation(bytes);
    if (format == PictureFormat::Jpeg)
        return jpegStart(bytes).orientation;
    return format == PictureFormat::Tiff ? orientationIn(bytes) : 1;
}

} // namespace torchdesk
