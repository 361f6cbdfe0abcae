// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/data/pictures/encodepicture.h"

#include <png.h>
#include <turbojpeg.h>

namespace torchdesk::test {

namespace {

std::size_t bytesARow(const PngContent& content)
{
    const int channels = content.colour == PNG_COLOR_TYPE_RGBA         ? 4
                         : content.colour == PNG_COLOR_TYPE_RGB        ? 3
                         : content.colour == PNG_COLOR_TYPE_GRAY_ALPHA ? 2
                                                                       : 1;
    return (static_cast<std::size_t>(content.width * channels * content.depth) + 7) / 8;
}

} // namespace

std::string encodePng(const PngContent& content)
{
    std::string out;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(
        png, &out,
        [](png_structp writer, png_bytep data, std::size_t size) {
            static_cast<std::string*>(png_get_io_ptr(writer))->append(reinterpret_cast<char*>(data), size);
        },
        nullptr);
    png_set_IHDR(png, info, static_cast<png_uint_32>(content.width), static_cast<png_uint_32>(content.height),
                 content.depth, content.colour, content.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (!content.palette.empty())
        png_set_PLTE(png, info, reinterpret_cast<png_const_colorp>(content.palette.data()),
                     static_cast<int>(content.palette.size() / 3));
    std::vector<png_bytep> rows;
    for (int y = 0; y < content.height; ++y)
        rows.push_back(reinterpret_cast<png_bytep>(const_cast<char*>(content.rows.data())) +
                       bytesARow(content) * static_cast<std::size_t>(y));
    png_set_rows(png, info, rows.data());
    png_write_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
    png_destroy_write_struct(&png, &info);
    return out;
}

std::string encodePng(const Picture& picture)
{
    PngContent content;
    content.width = picture.width;
    content.height = picture.height;
    content.colour = picture.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
    content.rows.assign(picture.pixels.begin(), picture.pixels.end());
    return encodePng(content);
}

std::string encodeJpeg(const Picture& picture, int quality)
{
    tjhandle handle = tjInitCompress();
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    tjCompress2(handle, picture.pixels.data(), picture.width, 0, picture.height,
                picture.channels == 3 ? TJPF_RGB : TJPF_GRAY, &bytes, &size,
                picture.channels == 3 ? TJSAMP_444 : TJSAMP_GRAY, quality, 0);
    std::string out(reinterpret_cast<char*>(bytes), size);
    tjFree(bytes);
    tjDestroy(handle);
    return out;
}

std::string encodeCmykJpeg(int width, int height)
{
    const std::vector<unsigned char> pixels(static_cast<std::size_t>(width * height) * 4, 90);
    tjhandle handle = tjInitCompress();
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    tjCompress2(handle, pixels.data(), width, 0, height, TJPF_CMYK, &bytes, &size, TJSAMP_444, 95, 0);
    std::string out(reinterpret_cast<char*>(bytes), size);
    tjFree(bytes);
    tjDestroy(handle);
    return out;
}

} // namespace torchdesk::test
