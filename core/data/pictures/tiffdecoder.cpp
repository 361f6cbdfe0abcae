// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picturedecoders.h"
#include "core/data/pictures/turned.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <memory>
#include <tiffio.h>
#include <utility>

namespace torchdesk {

namespace {

/// What libtiff may take at once: a picture of the most pixels with four values of 16 bits.
constexpr tmsize_t mostAtOnce = tmsize_t{1} << 30;

/// How libtiff reads from memory, and what it says goes here and not to the terminal.
struct TiffMemory
{
    std::span<const std::byte> bytes;
    std::uint64_t place = 0;
    char message[160] = "";
};

tmsize_t readMemory(thandle_t handle, void* out, tmsize_t size)
{
    auto* memory = static_cast<TiffMemory*>(handle);
    if (size <= 0 || memory->place >= memory->bytes.size())
        return 0;
    const auto left = memory->bytes.subspan(memory->place);
    const std::size_t taken = std::min(left.size(), static_cast<std::size_t>(size));
    std::memcpy(out, left.data(), taken);
    memory->place += taken;
    return static_cast<tmsize_t>(taken);
}

tmsize_t refuseToWrite(thandle_t, void*, tmsize_t)
{
    return 0;
}

toff_t seekMemory(thandle_t handle, toff_t offset, int from)
{
    auto* memory = static_cast<TiffMemory*>(handle);
    memory->place = from == SEEK_CUR   ? memory->place + offset
                    : from == SEEK_END ? memory->bytes.size() + offset
                                       : offset;
    return memory->place;
}

int closeMemory(thandle_t)
{
    return 0;
}

toff_t sizeOfMemory(thandle_t handle)
{
    return static_cast<TiffMemory*>(handle)->bytes.size();
}

/// The bytes themselves, which libtiff only reads. Without this libtiff 4.5.0 refuses uncompressed tiles
/// whose size is no multiple of 1024.
int mapMemory(thandle_t handle, void** base, toff_t* size)
{
    const auto bytes = static_cast<TiffMemory*>(handle)->bytes;
    *base = const_cast<std::byte*>(bytes.data());
    *size = bytes.size();
    return 1;
}

void leaveMapped(thandle_t, void*, toff_t) {}

int keepMessage(TIFF*, void* user, const char*, const char* format, va_list values)
{
    auto* memory = static_cast<TiffMemory*>(user);
    if (memory->message[0] == '\0') // the first says what is wrong
        std::vsnprintf(memory->message, sizeof memory->message, format, values);
    return 1;
}

int dropWarning(TIFF*, void*, const char*, const char*, va_list)
{
    return 1;
}

struct CloseTiff
{
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
    void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};
using TiffHandle = std::unique_ptr<TIFF, CloseTiff>;

TiffHandle openTiff(TiffMemory& memory)
{
    const std::unique_ptr<TIFFOpenOptions, CloseTiff> options(TIFFOpenOptionsAlloc());
    if (!options)
        return nullptr;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), mostAtOnce);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), &keepMessage, &memory);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), &dropWarning, nullptr);
    return TiffHandle(TIFFClientOpenExt("picture", "r", &memory, &readMemory, &refuseToWrite, &seekMemory,
                                        &closeMemory, &sizeOfMemory, &mapMemory, &leaveMapped,
                                        options.get()));
}

struct TiffForm
{
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint16_t bits = 1;
    std::uint16_t samples = 1;
    std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
    std::uint16_t compression = COMPRESSION_NONE;
    std::uint16_t numbers = SAMPLEFORMAT_UINT;
    std::uint16_t planar = PLANARCONFIG_CONTIG;
    std::uint16_t orientation = 1;
    bool alpha = false;

    bool grey() const
    {
        return photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
    }
    std::size_t colours() const { return grey() ? 1 : 3; }
};

TiffForm formOf(TIFF* tiff)
{
    TiffForm form;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &form.width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &form.height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &form.bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &form.samples);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &form.photometric);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &form.compression);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &form.numbers);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &form.planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &form.orientation);
    std::uint16_t extra = 0;
    std::uint16_t* kinds = nullptr;
    if (TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra, &kinds) && extra > 0 && kinds)
        form.alpha = kinds[0] == EXTRASAMPLE_ASSOCALPHA || kinds[0] == EXTRASAMPLE_UNASSALPHA;
    return form;
}

/// How many pixels a byte can hold at best, by the compression.
std::uint64_t bestPacking(const TiffForm& form)
{
    const std::uint64_t pixelsABit = 8 / std::clamp<std::uint64_t>(form.bits, 1, 8);
    switch (form.compression) {
    case COMPRESSION_NONE:
        return pixelsABit;
    case COMPRESSION_PACKBITS:
        return 64 * pixelsABit;
    case COMPRESSION_LZW:
    case COMPRESSION_DEFLATE:
    case COMPRESSION_ADOBE_DEFLATE:
        return 4096 * pixelsABit;
    case COMPRESSION_JPEG:
    case COMPRESSION_OJPEG:
        return 4096;
    default:
        return 65536;
    }
}

Expected<void> checkForm(const TiffForm& form, std::uint64_t bytes, const std::string& source)
{
    if (auto checked = checkPictureSize(form.width, form.height, bytes * bestPacking(form), source); !checked)
        return checked;
    return checkTiffNumbers({form.samples, form.bits, form.photometric, form.numbers}, source);
}

/// The values of 16 bits as stored, pixel by pixel.
class DeepTiffReader
{
public:
    DeepTiffReader(TIFF* tiff, const TiffForm& form)
        : m_tiff(tiff), m_form(form), m_apart(form.planar == PLANARCONFIG_SEPARATE && form.samples > 1),
          m_kept(form.colours() + (form.alpha && form.samples > form.colours() ? 1 : 0)),
          m_values(std::size_t{form.width} * form.height * m_kept)
    {}

    std::size_t kept() const { return m_kept; }
    std::vector<std::uint16_t> take() { return std::move(m_values); }

    bool read()
    {
        const std::size_t planes = m_apart ? m_kept : 1;
        for (std::size_t plane = 0; plane < planes; ++plane) {
            if (!(TIFFIsTiled(m_tiff) ? readTiles(plane) : readRows(plane)))
                return false;
        }
        return true;
    }

private:
    std::size_t together() const { return m_apart ? 1 : m_form.samples; }

    bool readRows(std::size_t plane)
    {
        const auto size = static_cast<std::size_t>(std::max<tmsize_t>(0, TIFFScanlineSize(m_tiff)));
        if (size < m_form.width * together() * 2)
            return false;
        std::vector<std::uint16_t> row((size + 1) / 2);
        for (std::uint32_t y = 0; y < m_form.height; ++y) {
            if (TIFFReadScanline(m_tiff, row.data(), y, static_cast<std::uint16_t>(plane)) < 0)
                return false;
            place(row.data(), 0, y, m_form.width, plane);
        }
        return true;
    }

    bool readTiles(std::size_t plane)
    {
        std::uint32_t width = 0, height = 0;
        TIFFGetField(m_tiff, TIFFTAG_TILEWIDTH, &width);
        TIFFGetField(m_tiff, TIFFTAG_TILELENGTH, &height);
        const auto size = static_cast<std::uint64_t>(std::max<tmsize_t>(0, TIFFTileSize(m_tiff)));
        const std::uint64_t row = std::uint64_t{width} * together();
        if (width == 0 || height == 0 || size > static_cast<std::uint64_t>(mostAtOnce) ||
            size / 2 / height < row)
            return false;
        std::vector<std::uint16_t> tile((size + 1) / 2);
        for (std::uint32_t y = 0; y < m_form.height; y += std::min(height, m_form.height - y)) {
            for (std::uint32_t x = 0; x < m_form.width; x += std::min(width, m_form.width - x)) {
                if (TIFFReadTile(m_tiff, tile.data(), x, y, 0, static_cast<std::uint16_t>(plane)) < 0)
                    return false;
                for (std::uint32_t down = 0; down < std::min(height, m_form.height - y); ++down)
                    place(&tile[down * row], x, y + down, std::min(width, m_form.width - x), plane);
            }
        }
        return true;
    }

    /// Puts \p count pixels of one row where they belong; of all samples, or of \p plane alone.
    void place(const std::uint16_t* from, std::size_t x, std::size_t y, std::size_t count, std::size_t plane)
    {
        std::uint16_t* to = &m_values[(y * m_form.width + x) * m_kept];
        for (std::size_t i = 0; i < count; ++i, to += m_kept, from += together()) {
            if (m_apart)
                to[plane] = *from;
            else
                std::copy_n(from, m_kept, to);
        }
    }

    TIFF* m_tiff;
    const TiffForm& m_form;
    bool m_apart;
    std::size_t m_kept;
    std::vector<std::uint16_t> m_values;
};

bool readDeep(TIFF* tiff, const TiffForm& form, Picture& picture)
{
    DeepTiffReader reader(tiff, form);
    if (!reader.read())
        return false;
    picture.deep = reader.take();
    if (form.photometric == PHOTOMETRIC_MINISWHITE) {
        for (std::size_t i = 0; i < picture.deep.size(); i += reader.kept())
            picture.deep[i] = static_cast<std::uint16_t>(65535 - picture.deep[i]);
    }
    if (reader.kept() > form.colours())
        picture.deep = overWhite(picture.deep, form.colours());
    return true;
}

/// libtiff's own conversion: palettes, single bits, YCbCr, CMYK, planes and tiles.
bool readEightBits(TIFF* tiff, const TiffForm& form, Picture& picture, char (&message)[1024])
{
    TIFFRGBAImage image{};
    if (!TIFFRGBAImageOK(tiff, message) || !TIFFRGBAImageBegin(&image, tiff, 1, message))
        return false;
    const std::unique_ptr<TIFFRGBAImage, decltype(&TIFFRGBAImageEnd)> end(&image, &TIFFRGBAImageEnd);
    // Not turned here: libtiff only mirrors.
    image.orientation = ORIENTATION_TOPLEFT;
    image.req_orientation = ORIENTATION_TOPLEFT;
    std::vector<std::uint32_t> raster(std::size_t{form.width} * form.height);
    if (!TIFFRGBAImageGet(&image, raster.data(), form.width, form.height))
        return false;
    const std::size_t colours = form.colours();
    picture.pixels.resize(raster.size() * colours);
    std::uint8_t* out = picture.pixels.data();
    for (const std::uint32_t pixel : raster) {
        // libtiff has multiplied the colours by alpha: what alpha leaves is white.
        const unsigned paper = 255 - TIFFGetA(pixel);
        const unsigned values[] = {TIFFGetR(pixel), TIFFGetG(pixel), TIFFGetB(pixel)};
        for (std::size_t c = 0; c < colours; ++c)
            *out++ = static_cast<std::uint8_t>(std::min(255u, values[c] + paper));
    }
    return true;
}

} // namespace

Expected<void> checkTiffNumbers(const TiffNumbers& numbers, const std::string& source)
{
    const bool whole = numbers.format == SAMPLEFORMAT_UINT || numbers.format == SAMPLEFORMAT_VOID;
    const bool deep = numbers.bits == 16 && (numbers.grey() || numbers.photometric == PHOTOMETRIC_RGB);
    const std::uint64_t colours = numbers.grey() ? 1 : 3;
    if (!whole || (numbers.bits > 8 && !deep) || numbers.samples < 1 || numbers.samples > 64 ||
        (deep && numbers.samples < colours))
        return failure(
            ErrorKind::Unsupported,
            fmt::format("{} is a TIFF of {} values of {} bits a pixel{}, where 8 or 16 bits, grey or RGB, "
                        "were wanted. Save it so.",
                        source, numbers.samples, numbers.bits, whole ? "" : ", signed or floating"));
    return {};
}

Expected<Picture> decodeTiff(std::span<const std::byte> bytes, const std::string& source)
{
    TiffMemory memory;
    memory.bytes = bytes;
    const TiffHandle tiff = openTiff(memory);
    if (!tiff)
        return damagedPicture(source, "TIFF", memory.message);
    const TiffForm form = formOf(tiff.get());
    if (auto checked = checkForm(form, bytes.size(), source); !checked)
        return failure(checked);
    Picture picture;
    picture.width = static_cast<int>(form.width);
    picture.height = static_cast<int>(form.height);
    picture.channels = static_cast<int>(form.colours());
    picture.pages = std::max(1, static_cast<int>(TIFFNumberOfDirectories(tiff.get())));
    char message[1024] = "";
    const bool done = form.bits == 16 ? readDeep(tiff.get(), form, picture)
                                      : readEightBits(tiff.get(), form, picture, message);
    if (!done)
        return damagedPicture(source, "TIFF", memory.message[0] ? memory.message : message);
    return turned(std::move(picture), form.orientation);
}

} // namespace torchdesk
