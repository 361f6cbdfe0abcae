// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/pictureprobe.h"
#include "tests/core/data/pictures/encodepicture.h"
#include "tests/core/data/pictures/encodetiff.h"
#include "tests/core/data/pictures/samplepictures.h"
#include "tests/support/testsupport.h"

#include <png.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

Expected<std::optional<PictureProbe>> probe(const std::string& bytes)
{
    return probePicture(std::as_bytes(std::span(bytes)), "picture");
}

/// Whether a look at the header says what decoding shows.
bool agrees(const std::string& bytes)
{
    const auto found = probe(bytes);
    const auto picture = decode(bytes);
    return found && *found && picture && (*found)->width == picture->width &&
           (*found)->height == picture->height && (*found)->channels == picture->channels &&
           (*found)->pages == picture->pages && ((*found)->bits == 16) == !picture->deep.empty();
}

} // namespace

class TestPictureProbe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheDecoders();
    void needsOnlyTheBeginning();
    void asksForMore();
    void refusesWhatTheDecodersRefuse();
};

void TestPictureProbe::agreesWithTheDecoders()
{
    QVERIFY(agrees(encodePng(gradient(12, 9, 1))));
    QVERIFY(agrees(encodePng(gradient(12, 9, 3))));
    QVERIFY(agrees(encodePng({4, 1, 2, PNG_COLOR_TYPE_PALETTE, "\x1b", std::string(12, 'p')})));
    QVERIFY(agrees(encodePng({1, 1, 16, PNG_COLOR_TYPE_GRAY_ALPHA, "abcd", {}})));
    QVERIFY(agrees(encodeJpeg(gradient(24, 9, 1))));
    for (int orientation = 1; orientation <= 8; ++orientation)
        QVERIFY(agrees(withExif(encodeJpeg(gradient(24, 9, 3)), orientation)));
    TiffContent tiff{3, 2, 16, 3, std::string(36, 'x')};
    tiff.photometric = 2;
    tiff.pages = 2;
    tiff.orientation = 5;
    for (const char* mode : {"wl", "wb", "w8"}) {
        tiff.mode = mode;
        QVERIFY(agrees(encodeTiff(tiff)));
    }
    QVERIFY(agrees(encodeTiff({16, 1, 1, 1, "ab"})));
    const auto all = probe(encodeTiff(tiff));
    VERIFY_OK(all);
    QVERIFY(**all == (PictureProbe{PictureFormat::Tiff, 2, 3, 3, 16, 2, 5, false}));
}

void TestPictureProbe::needsOnlyTheBeginning()
{
    const auto png = probe(encodePng(gradient(300, 200, 3)).substr(0, 64));
    VERIFY_OK(png);
    QCOMPARE((*png)->width, 300);
    const auto jpeg = probe(encodeJpeg(gradient(300, 200, 3)).substr(0, 700));
    VERIFY_OK(jpeg);
    QVERIFY(jpeg->has_value());
    QCOMPARE((*jpeg)->height, 200);
}

void TestPictureProbe::asksForMore()
{
    const std::string jpeg = encodeJpeg(gradient(24, 9, 3));
    const std::size_t frame = jpeg.find("\xff\xc0");
    QVERIFY(frame != std::string::npos);
    for (std::size_t size = 3; size < frame + 19; ++size)
        QVERIFY(probe(jpeg.substr(0, size)) && !probe(jpeg.substr(0, size))->has_value());
    QVERIFY(probe(jpeg.substr(0, frame + 19))->has_value());
    const auto png = probe(encodePng(gradient(8, 8, 1)).substr(0, 20));
    QVERIFY(png && !png->has_value());
    // libtiff writes the directory behind the pixels.
    const auto tiff = probe(encodeTiff({40, 40, 8, 1, std::string(1600, 'x')}).substr(0, 500));
    QVERIFY(tiff && !tiff->has_value());
}

void TestPictureProbe::refusesWhatTheDecodersRefuse()
{
    VERIFY_ERROR(probe("words"), "picture is no PNG, JPEG or TIFF picture: it begins with 77 6f 72 64");
    VERIFY_ERROR(probe(""), "it is empty");
    std::string png = encodePng(gradient(8, 8, 1));
    png.replace(16, 8, std::string("\0\0\x75\x30\0\0\x75\x30", 8));
    VERIFY_ERROR(probe(png), "picture has 30000×30000 pixels, at most 100,000,000");
    VERIFY_ERROR(decode(png), "picture has 30000×30000 pixels, at most 100,000,000");
    png.replace(16, 4, std::string(4, '\0'));
    VERIFY_ERROR(probe(png), "picture has a size of 0×30000 pixels");
    const std::string cmyk = encodeCmykJpeg(16, 16);
    VERIFY_ERROR(probe(cmyk), "picture has CMYK colours, grey or RGB were wanted");
    VERIFY_ERROR(decode(cmyk), "picture has CMYK colours, grey or RGB were wanted");
    TiffContent floating{1, 1, 32, 1, std::string(4, '\0')};
    floating.format = 3;
    VERIFY_ERROR(probe(encodeTiff(floating)), "picture is a TIFF of 1 values of 32 bits a pixel, signed or");
    VERIFY_ERROR(decode(encodeTiff(floating)), "picture is a TIFF of 1 values of 32 bits a pixel, signed or");
}

QTEST_APPLESS_MAIN(TestPictureProbe)
#include "tst_pictureprobe.moc"
