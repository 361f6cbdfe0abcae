// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picturedecoders.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <png.h>
#include <utility>

namespace torchdesk {

namespace {

/// libpng's long form, which gives 16 bits as they are stored; its simplified form makes light of them.
/// libpng leaves a fault by a long jump: the functions that it may leave keep nothing on their stack that
/// would need to be destroyed.
class DeepPngReader
{
public:
    explicit DeepPngReader(std::span<const std::byte> bytes) : m_left(bytes)
    {
        m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, &fail, &ignore);
        m_info = m_png ? png_create_info_struct(m_png) : nullptr;
    }
    ~DeepPngReader() { png_destroy_read_struct(&m_png, &m_info, nullptr); }
    DeepPngReader(const DeepPngReader&) = delete;
    DeepPngReader& operator=(const DeepPngReader&) = delete;

    bool begin()
    {
        if (!m_info || setjmp(png_jmpbuf(m_png)))
            return false;
        png_set_read_fn(m_png, this, &feed);
        png_read_info(m_png, m_info);
        png_set_expand(m_png); // a transparent colour becomes alpha
        png_set_swap(m_png);   // big-endian in the file
        png_set_interlace_handling(m_png);
        png_read_update_info(m_png, m_info);
        return true;
    }
    /// \p rows has a pointer for each row.
    bool read(png_bytepp rows)
    {
        if (setjmp(png_jmpbuf(m_png)))
            return false;
        png_read_image(m_png, rows);
        return true;
    }

    std::size_t width() const { return png_get_image_width(m_png, m_info); }
    std::size_t height() const { return png_get_image_height(m_png, m_info); }
    std::size_t channels() const { return png_get_channels(m_png, m_info); }
    const char* message() const { return m_message; }

private:
    [[noreturn]] static void fail(png_structp png, png_const_charp words)
    {
        auto* self = static_cast<DeepPngReader*>(png_get_error_ptr(png));
        std::snprintf(self->m_message, sizeof self->m_message, "%s", words);
        png_longjmp(png, 1);
    }
    static void ignore(png_structp, png_const_charp) {}
    static void feed(png_structp png, png_bytep out, std::size_t size)
    {
        auto* self = static_cast<DeepPngReader*>(png_get_io_ptr(png));
        if (size > self->m_left.size())
            png_error(png, "it ends too early");
        std::memcpy(out, self->m_left.data(), size);
        self->m_left = self->m_left.subspan(size);
    }

    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
    std::span<const std::byte> m_left;
    char m_message[128] = "no memory is left";
};

} // namespace

Expected<Picture> decodeSixteenBitPng(std::span<const std::byte> bytes, const std::string& source)
{
    DeepPngReader reader(bytes);
    if (!reader.begin())
        return damagedPicture(source, "PNG", reader.message());
    const std::size_t width = reader.width();
    const std::size_t channels = reader.channels();
    std::vector<std::uint16_t> values(width * reader.height() * channels);
    std::vector<png_bytep> rows(reader.height());
    for (std::size_t y = 0; y < rows.size(); ++y)
        rows[y] = reinterpret_cast<png_bytep>(&values[y * width * channels]);
    if (!reader.read(rows.data()))
        return damagedPicture(source, "PNG", reader.message());
    const std::size_t colours = channels < 3 ? 1 : 3;
    Picture picture;
    picture.width = static_cast<int>(width);
    picture.height = static_cast<int>(rows.size());
    picture.channels = static_cast<int>(colours);
    picture.deep = channels > colours ? overWhite(values, colours) : std::move(values);
    return picture;
}

} // namespace torchdesk
