// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/data/pictures/encodetiff.h"

#include <algorithm>
#include <cstring>
#include <tiffio.h>

namespace torchdesk::test {

namespace {

struct Written
{
    std::string bytes;
    std::size_t place = 0;
};

tmsize_t readBack(thandle_t handle, void* out, tmsize_t size)
{
    auto* file = static_cast<Written*>(handle);
    const std::size_t taken = std::min(static_cast<std::size_t>(size),
                                       file->bytes.size() - std::min(file->place, file->bytes.size()));
    std::memcpy(out, file->bytes.data() + file->place, taken);
    file->place += taken;
    return static_cast<tmsize_t>(taken);
}

tmsize_t append(thandle_t handle, void* data, tmsize_t size)
{
    auto* file = static_cast<Written*>(handle);
    file->bytes.resize(std::max(file->bytes.size(), file->place + static_cast<std::size_t>(size)));
    std::memcpy(file->bytes.data() + file->place, data, static_cast<std::size_t>(size));
    file->place += static_cast<std::size_t>(size);
    return size;
}

toff_t seekTo(thandle_t handle, toff_t offset, int from)
{
    auto* file = static_cast<Written*>(handle);
    file->place = offset + (from == SEEK_CUR ? file->place : from == SEEK_END ? file->bytes.size() : 0);
    return file->place;
}

void setTags(TIFF* tiff, const TiffContent& content)
{
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, content.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, content.height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, content.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, content.samples);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, content.photometric);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, content.compression);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, content.orientation);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, content.format);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, content.apart ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    if (content.extra >= 0) {
        const auto kind = static_cast<std::uint16_t>(content.extra);
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
    }
    if (!content.palette.empty()) {
        auto* colours = const_cast<std::uint16_t*>(content.palette.data());
        const std::size_t third = content.palette.size() / 3;
        TIFFSetField(tiff, TIFFTAG_COLORMAP, colours, colours + third, colours + 2 * third);
    }
    if (content.tiled) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 4);
    }
}

void writeRows(TIFF* tiff, const TiffContent& content)
{
    const int together = content.apart ? 1 : content.samples;
    const auto size = static_cast<std::size_t>((content.width * together * content.bits + 7) / 8);
    const char* row = content.rows.data();
    for (int plane = 0; plane < (content.apart ? content.samples : 1); ++plane) {
        for (int y = 0; y < content.height; ++y, row += size) {
            std::vector<char> copy(row, row + size); // libtiff may turn its bytes around
            TIFFWriteScanline(tiff, copy.data(), static_cast<std::uint32_t>(y),
                              static_cast<std::uint16_t>(plane));
        }
    }
}

void writeTiles(TIFF* tiff, const TiffContent& content)
{
    const int together = content.apart ? 1 : content.samples;
    const int pixel = together * content.bits / 8;
    for (int plane = 0; plane < (content.apart ? content.samples : 1); ++plane) {
        const char* from = content.rows.data() + plane * content.width * content.height * pixel;
        for (int top = 0; top < content.height; top += 16) {
            for (int left = 0; left < content.width; left += 16) {
                std::vector<char> tile(static_cast<std::size_t>(16 * 16 * pixel));
                for (int y = top; y < std::min(content.height, top + 16); ++y)
                    std::copy_n(from + (y * content.width + left) * pixel,
                                std::min(16, content.width - left) * pixel,
                                tile.begin() + (y - top) * 16 * pixel);
                TIFFWriteTile(tiff, tile.data(), static_cast<std::uint32_t>(left),
                              static_cast<std::uint32_t>(top), 0, static_cast<std::uint16_t>(plane));
            }
        }
    }
}

} // namespace

std::string encodeTiff(const TiffContent& content)
{
    Written file;
    TIFF* tiff = TIFFClientOpen(
        "test", content.mode, &file, &readBack, &append, &seekTo, [](thandle_t) { return 0; },
        [](thandle_t handle) -> toff_t { return static_cast<Written*>(handle)->bytes.size(); }, nullptr,
        nullptr);
    for (int page = 0; page < content.pages; ++page) {
        setTags(tiff, content);
        if (content.tiled)
            writeTiles(tiff, content);
        else
            writeRows(tiff, content);
        TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
    return file.bytes;
}

} // namespace torchdesk::test
