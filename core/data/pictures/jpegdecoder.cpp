// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picturedecoders.h"

#include <fmt/format.h>
#include <memory>
#include <turbojpeg.h>

namespace torchdesk {

namespace {

/// More than a JPEG of one grey can hold: a block of 64 pixels takes at least a bit or so.
constexpr std::uint64_t bestJpegPacking = 4096;

struct Close
{
    void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, Close>;

struct JpegHeader
{
    int width = 0;
    int height = 0;
    int colourSpace = 0;
};

Expected<JpegHeader> readHeader(void* handle, std::span<const std::byte> bytes, const std::string& source)
{
    JpegHeader header;
    int subsampling = 0;
    if (tjDecompressHeader3(handle, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                            &header.width, &header.height, &subsampling, &header.colourSpace) != 0)
        return damagedPicture(source, "JPEG", tjGetErrorStr2(handle));
    if (header.colourSpace == TJCS_CMYK || header.colourSpace == TJCS_YCCK)
        return cmykPicture(source);
    if (auto checked = checkPictureSize(header.width, header.height, bytes.size() * bestJpegPacking, source);
        !checked)
        return failure(checked);
    return header;
}

/// The smallest of the fast scales (whole, 1/2, 1/4, 1/8) that still gives what is wished for.
tjscalingfactor scaleFor(const JpegHeader& header, const PictureWish& wish)
{
    for (const int denominator : {8, 4, 2}) {
        const tjscalingfactor scale{1, denominator};
        const bool wide = TJSCALED(header.width, scale) >= wish.width;
        const bool high = TJSCALED(header.height, scale) >= wish.height;
        if (wish.width > 0 && wish.height > 0 && (wish.either ? wide || high : wide && high))
            return scale;
    }
    return {1, 1};
}

} // namespace

tl::unexpected<Error> cmykPicture(const std::string& source)
{
    return failure(
        ErrorKind::Unsupported,
        fmt::format("{} has CMYK colours, grey or RGB were wanted. Save the picture as RGB.", source));
}

Expected<Picture> decodeJpeg(std::span<const std::byte> bytes, const std::string& source,
                             const PictureWish& wish)
{
    const Handle handle(tjInitDecompress());
    if (!handle)
        return failure(ErrorKind::OutOfMemory, fmt::format("No memory is left to decode {}.", source));
    const auto header = readHeader(handle.get(), bytes, source);
    if (!header)
        return failure(header);
    const tjscalingfactor scale = scaleFor(*header, wish);
    Picture picture;
    picture.width = TJSCALED(header->width, scale);
    picture.height = TJSCALED(header->height, scale);
    picture.channels = header->colourSpace == TJCS_GRAY || wish.grey ? 1 : 3;
    picture.pixels.resize(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) *
                          static_cast<std::size_t>(picture.channels));
    // What the library only warns of is missing or invented picture; and a file of endless scans is stopped.
    const int flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT;
    if (tjDecompress2(handle.get(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      picture.pixels.data(), picture.width, 0, picture.height,
                      picture.channels == 1 ? TJPF_GRAY : TJPF_RGB, flags) != 0)
        return damagedPicture(source, "JPEG", tjGetErrorStr2(handle.get()));
    return picture;
}

} // namespace torchdesk
