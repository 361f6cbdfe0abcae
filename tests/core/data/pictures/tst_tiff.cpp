// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/pictureprobe.h"
#include "tests/core/data/pictures/encodepicture.h"
#include "tests/core/data/pictures/encodetiff.h"
#include "tests/core/data/pictures/samplepictures.h"
#include "tests/support/testsupport.h"

#include <tiffio.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

using Deep = std::vector<std::uint16_t>;

TiffContent content(const Picture& picture)
{
    TiffContent content{picture.width, picture.height, 8, picture.channels, bytesOf(picture.pixels)};
    content.photometric = picture.channels == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    return content;
}

Deep deepGradient(int width, int height, int channels)
{
    Deep values;
    for (int i = 0; i < width * height * channels; ++i)
        values.push_back(static_cast<std::uint16_t>(i * 97 + 300));
    return values;
}

/// Pixel by pixel becomes plane by plane.
Deep planar(const Deep& values, std::size_t channels)
{
    Deep out;
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t i = c; i < values.size(); i += channels)
            out.push_back(values[i]);
    }
    return out;
}

} // namespace

class TestTiff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEightBits();
    void readsSixteenBits();
    void readsPalettesSingleBitsAndInverseGrey();
    void laysAlphaOverWhite();
    void takesTheFirstPage();
    void turnsAsItsTagSays();
    void refusesWhatItCannotShow();
    void refusesSizesAndDamage();
};

void TestTiff::readsEightBits()
{
    for (const int channels : {1, 3}) {
        const Picture picture = gradient(37, 21, channels);
        for (const int compression : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE}) {
            for (const char* mode : {"wl", "wb", "w8"}) {
                for (const bool tiled : {false, true}) {
                    TiffContent stored = content(picture);
                    stored.compression = compression;
                    stored.mode = mode;
                    stored.tiled = tiled;
                    const auto back = decode(encodeTiff(stored));
                    VERIFY_OK(back);
                    QCOMPARE(back->width, 37);
                    QCOMPARE(back->height, 21);
                    QCOMPARE(back->channels, channels);
                    QVERIFY(back->pixels == picture.pixels);
                }
            }
        }
    }
}

void TestTiff::readsSixteenBits()
{
    for (const int channels : {1, 3}) {
        const Deep values = deepGradient(19, 18, channels);
        for (const bool apart : {false, true}) {
            for (const bool tiled : {false, true}) {
                TiffContent stored{19, 18, 16, channels, {}};
                stored.rows = bytesOf(apart ? planar(values, static_cast<std::size_t>(channels)) : values);
                stored.photometric = channels == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
                stored.compression = apart ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE;
                stored.apart = apart;
                stored.tiled = tiled;
                stored.mode = tiled ? "wb" : "wl";
                const auto back = decode(encodeTiff(stored));
                VERIFY_OK(back);
                QCOMPARE(back->channels, channels);
                QVERIFY(back->pixels.empty());
                QVERIFY(back->deep == values);
            }
        }
    }
}

void TestTiff::readsPalettesSingleBitsAndInverseGrey()
{
    TiffContent palette{2, 1, 8, 1, std::string("\x02\x01", 2)};
    palette.photometric = PHOTOMETRIC_PALETTE;
    palette.palette.resize(768);
    palette.palette[2] = 0xffff;       // red of 2
    palette.palette[256 + 1] = 0x8080; // green of 1
    const auto colours = decode(encodeTiff(palette));
    VERIFY_OK(colours);
    QCOMPARE(colours->channels, 3);
    QCOMPARE(colours->pixels, (std::vector<std::uint8_t>{255, 0, 0, 0, 128, 0}));
    const auto bits = decode(encodeTiff({4, 1, 1, 1, std::string("\xa0", 1)}));
    VERIFY_OK(bits);
    QCOMPARE(bits->channels, 1);
    QCOMPARE(bits->pixels, (std::vector<std::uint8_t>{255, 0, 255, 0}));
    TiffContent inverse{2, 1, 8, 1, std::string("\x00\xf0", 2)};
    inverse.photometric = PHOTOMETRIC_MINISWHITE;
    const auto grey = decode(encodeTiff(inverse));
    VERIFY_OK(grey);
    QCOMPARE(grey->pixels, (std::vector<std::uint8_t>{255, 15}));
    TiffContent deep{2, 1, 16, 1, bytesOf(Deep{0, 65000})};
    deep.photometric = PHOTOMETRIC_MINISWHITE;
    const auto inverted = decode(encodeTiff(deep));
    VERIFY_OK(inverted);
    QCOMPARE(inverted->deep, (Deep{65535, 535}));
}

void TestTiff::laysAlphaOverWhite()
{
    TiffContent stored{2, 1, 8, 4, std::string("\xff\0\0\0\xff\0\0\xff", 8)};
    stored.photometric = PHOTOMETRIC_RGB;
    stored.extra = EXTRASAMPLE_UNASSALPHA;
    const auto colour = decode(encodeTiff(stored));
    VERIFY_OK(colour);
    QCOMPARE(colour->pixels, (std::vector<std::uint8_t>{255, 255, 255, 255, 0, 0}));
    TiffContent deep{2, 1, 16, 2, bytesOf(Deep{1000, 0, 1000, 65535})};
    deep.extra = EXTRASAMPLE_UNASSALPHA;
    const auto grey = decode(encodeTiff(deep));
    VERIFY_OK(grey);
    QCOMPARE(grey->deep, (Deep{65535, 1000}));
}

void TestTiff::takesTheFirstPage()
{
    TiffContent stored = content(gradient(9, 5, 1));
    QCOMPARE(decode(encodeTiff(stored))->pages, 1);
    stored.pages = 3;
    const auto picture = decode(encodeTiff(stored));
    VERIFY_OK(picture);
    QCOMPARE(picture->pages, 3);
    QVERIFY(picture->pixels == gradient(9, 5, 1).pixels);
}

void TestTiff::turnsAsItsTagSays()
{
    TiffContent stored{3, 2, 8, 1, std::string("\x01\x02\x03\x04\x05\x06", 6)};
    stored.orientation = 6;
    const auto picture = decode(encodeTiff(stored));
    VERIFY_OK(picture);
    QCOMPARE(picture->width, 2);
    QCOMPARE(picture->height, 3);
    QCOMPARE(picture->pixels, (std::vector<std::uint8_t>{4, 1, 5, 2, 6, 3}));
}

void TestTiff::refusesWhatItCannotShow()
{
    TiffContent floating{1, 1, 32, 1, std::string(4, '\0')};
    floating.format = SAMPLEFORMAT_IEEEFP;
    VERIFY_ERROR(
        decode(encodeTiff(floating)),
        "picture is a TIFF of 1 values of 32 bits a pixel, signed or floating, where 8 or 16 bits, grey or "
        "RGB, were wanted. Save it so.");
    TiffContent isSigned{1, 1, 16, 1, std::string(2, '\0')};
    isSigned.format = SAMPLEFORMAT_INT;
    VERIFY_ERROR(decode(encodeTiff(isSigned)), "16 bits a pixel, signed or floating");
}

void TestTiff::refusesSizesAndDamage()
{
    VERIFY_ERROR(decode("MM and more"),
                 "picture is no PNG, JPEG or TIFF picture: it begins with 4d 4d 20 61");
    VERIFY_ERROR(decode(std::string("II*\0\xff\xff\xff\xff", 8)), "picture is a damaged TIFF picture");
    TiffContent stored = content(gradient(24, 20, 3));
    stored.compression = COMPRESSION_LZW;
    std::string bytes = encodeTiff(stored);
    // The width is the first tag of the directory, which the header's last four bytes point at.
    const auto directory = static_cast<unsigned char>(bytes[4]) + 256u * static_cast<unsigned char>(bytes[5]);
    bytes.replace(directory + 2 + 8, 4, std::string("\x30\x75\0\0", 4));
    bytes.replace(directory + 2 + 12 + 8, 4, std::string("\x30\x75\0\0", 4));
    bytes.replace(directory + 2 + 2, 2, std::string("\x04\0", 2));
    bytes.replace(directory + 2 + 12 + 2, 2, std::string("\x04\0", 2));
    VERIFY_ERROR(decode(bytes), "picture has 30000×30000 pixels, at most 100,000,000 in all can be read");
    const std::string whole = encodeTiff(content(gradient(24, 20, 3)));
    for (std::size_t size = 0; size < whole.size() - 4; size += 7)
        QVERIFY2(!decode(whole.substr(0, size)), std::to_string(size).c_str());
}

QTEST_APPLESS_MAIN(TestTiff)
#include "tst_tiff.moc"
