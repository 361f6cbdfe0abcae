// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/data/pictures/encodepicture.h"
#include "tests/core/data/pictures/samplepictures.h"
#include "tests/support/testsupport.h"

#include <cstdlib>
#include <png.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// 'width' and 'height' as PNG's header has them, without a checksum that fits: what a bad writer leaves.
std::string withSize(std::string png, std::uint32_t width, std::uint32_t height)
{
    for (int i = 0; i < 4; ++i) {
        png[static_cast<std::size_t>(16 + i)] = static_cast<char>(width >> (24 - 8 * i) & 0xff);
        png[static_cast<std::size_t>(20 + i)] = static_cast<char>(height >> (24 - 8 * i) & 0xff);
    }
    return png;
}

int largestDifference(const Picture& a, const Picture& b)
{
    int most = a.pixels.size() == b.pixels.size() ? 0 : 256;
    for (std::size_t i = 0; i < a.pixels.size() && most < 256; ++i)
        most = std::max(most, std::abs(a.pixels[i] - b.pixels[i]));
    return most;
}

} // namespace

class TestPicture : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsPng();
    void readsInterlacedPng();
    void readsSixteenBits();
    void readsPalettesAndFewBits();
    void laysAlphaOverWhite();
    void readsJpeg();
    void scalesJpegWhileDecoding();
    void tellsByTheFirstBytes();
    void refusesOtherFiles();
    void refusesSizesBeforeTakingMemory();
    void refusesEveryCut();
    void refusesDamage();
};

void TestPicture::readsPng()
{
    for (const int channels : {1, 3}) {
        const Picture picture = gradient(37, 21, channels);
        const auto back = decode(encodePng(picture));
        VERIFY_OK(back);
        QCOMPARE(back->width, 37);
        QCOMPARE(back->height, 21);
        QCOMPARE(back->channels, channels);
        QVERIFY(back->pixels == picture.pixels);
    }
}

void TestPicture::readsInterlacedPng()
{
    const Picture picture = gradient(37, 21, 1);
    PngContent content{37, 21,  8, PNG_COLOR_TYPE_GRAY, {picture.pixels.begin(), picture.pixels.end()},
                       {}, true};
    const auto back = decode(encodePng(content));
    VERIFY_OK(back);
    QVERIFY(back->pixels == picture.pixels);
}

void TestPicture::readsSixteenBits()
{
    using Deep = std::vector<std::uint16_t>;
    const auto grey =
        decode(encodePng({3, 1, 16, PNG_COLOR_TYPE_GRAY, std::string("\x00\x00\x80\x01\xff\xff", 6), {}}));
    VERIFY_OK(grey);
    QVERIFY(grey->pixels.empty());
    QCOMPARE(grey->deep, (Deep{0, 0x8001, 0xffff}));
    const std::string colours("\x01\x02\x03\x04\x05\x06\x11\x12\x13\x14\x15\x16", 12);
    for (const bool interlaced : {false, true}) {
        const auto colour = decode(encodePng({2, 1, 16, PNG_COLOR_TYPE_RGB, colours, {}, interlaced}));
        VERIFY_OK(colour);
        QCOMPARE(colour->channels, 3);
        QCOMPARE(colour->deep, (Deep{0x0102, 0x0304, 0x0506, 0x1112, 0x1314, 0x1516}));
    }
    // Over white: nothing of the first, all of the second, and half of black.
    const auto alpha = decode(encodePng({3,
                                         1,
                                         16,
                                         PNG_COLOR_TYPE_GRAY_ALPHA,
                                         std::string("\x12\x34\0\0\x12\x34\xff\xff\0\0\x80\0", 12),
                                         {}}));
    VERIFY_OK(alpha);
    QCOMPARE(alpha->deep, (Deep{0xffff, 0x1234, 0x7fff}));
    std::string cut = encodePng({2, 1, 16, PNG_COLOR_TYPE_RGB, colours, {}});
    VERIFY_ERROR(decode(cut.substr(0, 45)), "picture is a damaged PNG picture, or cut short (");
}

void TestPicture::readsPalettesAndFewBits()
{
    PngContent content{4,
                       1,
                       2,
                       PNG_COLOR_TYPE_PALETTE,
                       std::string("\x1b", 1),
                       std::string("\0\0\0\xff\0\0\0\xff\0\0\0\xff", 12)};
    const auto colours = decode(encodePng(content));
    VERIFY_OK(colours);
    QCOMPARE(colours->channels, 3);
    QCOMPARE(colours->pixels, (std::vector<std::uint8_t>{0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255}));
    const auto bits = decode(encodePng({4, 1, 1, PNG_COLOR_TYPE_GRAY, std::string("\xa0", 1), {}}));
    VERIFY_OK(bits);
    QCOMPARE(bits->channels, 1);
    QCOMPARE(bits->pixels, (std::vector<std::uint8_t>{255, 0, 255, 0}));
}

void TestPicture::laysAlphaOverWhite()
{
    const auto grey =
        decode(encodePng({3, 1, 8, PNG_COLOR_TYPE_GRAY_ALPHA, std::string("\0\0\0\xff\0\x80", 6), {}}));
    VERIFY_OK(grey);
    QCOMPARE(grey->channels, 1);
    QCOMPARE(grey->pixels, (std::vector<std::uint8_t>{255, 0, 127}));
    const auto colour =
        decode(encodePng({2, 1, 8, PNG_COLOR_TYPE_RGBA, std::string("\xff\0\0\0\xff\0\0\xff", 8), {}}));
    VERIFY_OK(colour);
    QCOMPARE(colour->pixels, (std::vector<std::uint8_t>{255, 255, 255, 255, 0, 0}));
}

void TestPicture::readsJpeg()
{
    for (const int channels : {1, 3}) {
        Picture picture{40, 24, channels, {}};
        for (int i = 0; i < 40 * 24 * channels; ++i)
            picture.pixels.push_back(static_cast<std::uint8_t>(i / channels / 40 * 8 + 20 * (i % channels)));
        const auto back = decode(encodeJpeg(picture));
        VERIFY_OK(back);
        QCOMPARE(back->channels, channels);
        QCOMPARE(back->width, 40);
        QVERIFY(largestDifference(*back, picture) < 16);
    }
}

void TestPicture::scalesJpegWhileDecoding()
{
    const std::string jpeg = encodeJpeg(gradient(100, 60, 3));
    const auto sizeFor = [&](const PictureWish& wish) {
        const auto picture = decodePicture(std::as_bytes(std::span(jpeg)), "picture", wish);
        return picture ? std::vector<int>{picture->width, picture->height, picture->channels}
                       : std::vector<int>{};
    };
    QCOMPARE(sizeFor({}), (std::vector<int>{100, 60, 3}));
    QCOMPARE(sizeFor({51, 20}), (std::vector<int>{100, 60, 3}));
    QCOMPARE(sizeFor({50, 30}), (std::vector<int>{50, 30, 3}));
    QCOMPARE(sizeFor({50, 31}), (std::vector<int>{100, 60, 3}));
    QCOMPARE(sizeFor({50, 31, true}), (std::vector<int>{50, 30, 3}));
    QCOMPARE(sizeFor({13, 8, false, true}), (std::vector<int>{13, 8, 1}));
    // What is scaled on the way is the picture, scaled: a smooth one stays within a few of 255.
    Picture smooth{64, 64, 1, {}};
    for (int i = 0; i < 64 * 64; ++i)
        smooth.pixels.push_back(static_cast<std::uint8_t>(i % 64 + 2 * (i / 64)));
    const std::string encoded = encodeJpeg(smooth);
    const auto small = decodePicture(std::as_bytes(std::span(encoded)), "picture", {16, 16});
    VERIFY_OK(small);
    Preprocessing rules;
    rules.shape = {1, 16, 16};
    const Picture wanted{16, 16, 1, toSample(smooth, rules)};
    QVERIFY(largestDifference(*small, wanted) <= 3);
}

void TestPicture::tellsByTheFirstBytes()
{
    const TemporaryFolder folder;
    writeFile(folder / "photo.png", encodeJpeg(gradient(16, 16, 3)));
    const auto picture = readPicture(folder / "photo.png");
    VERIFY_OK(picture);
    QCOMPARE(picture->width, 16);
    VERIFY_ERROR(readPicture(folder / "absent.png"), "absent.png: No such file");
    VERIFY_ERROR(readPicture(folder.path()), "is a folder");
}

void TestPicture::refusesOtherFiles()
{
    VERIFY_ERROR(decode("GIF89a and more"),
                 "picture is no PNG, JPEG or TIFF picture: it is a GIF. Save it as one of these.");
    VERIFY_ERROR(decode(""), "picture is no PNG, JPEG or TIFF picture: it is empty");
    VERIFY_ERROR(decode("hello"), "it begins with 68 65 6c 6c");
    VERIFY_ERROR(decode("%PDF-1.7"), "it is a PDF");
}

void TestPicture::refusesSizesBeforeTakingMemory()
{
    const std::string png = encodePng(gradient(8, 8, 1));
    VERIFY_ERROR(decode(withSize(png, 0, 8)), "picture has a size of 0×8 pixels, at least 1×1 was wanted");
    VERIFY_ERROR(decode(withSize(png, 4294967295u, 4294967295u)),
                 "has 4294967295×4294967295 pixels, at most 100,000,000 in all can be read");
    VERIFY_ERROR(decode(withSize(png, 10'001, 10'000)), "at most 100,000,000 in all");
    VERIFY_ERROR(decode(withSize(png, 9'000, 9'000)),
                 "claims 9000×9000 pixels, more than its bytes can hold");
    std::string jpeg = encodeJpeg(gradient(8, 8, 1));
    const std::size_t frame = jpeg.find("\xff\xc0");
    QVERIFY(frame != std::string::npos);
    jpeg.replace(frame + 5, 4, std::string("\xff\0\xff\0", 4));
    VERIFY_ERROR(decode(jpeg), "has 65280×65280 pixels, at most 100,000,000");
    jpeg.replace(frame + 5, 4, "\x20\x10\x20\x10");
    VERIFY_ERROR(decode(jpeg), "claims 8208×8208 pixels, more than its bytes can hold");
}

void TestPicture::refusesEveryCut()
{
    const std::string png = encodePng(gradient(24, 20, 3));
    // The last chunk (IEND, 12 bytes) holds no pixels: without it a picture is still whole.
    for (std::size_t size = 0; size < png.size() - 12; ++size)
        QVERIFY2(!decode(png.substr(0, size)), std::to_string(size).c_str());
    VERIFY_ERROR(decode(png.substr(0, 20)),
                 "picture is a damaged PNG picture, or cut short (its header is not complete)");
    VERIFY_ERROR(decode(png.substr(0, png.size() / 2)), "picture is a damaged PNG picture, or cut short (");
    const std::string jpeg = encodeJpeg(gradient(24, 20, 3));
    for (std::size_t size = 0; size < jpeg.size() - 2; ++size)
        QVERIFY2(!decode(jpeg.substr(0, size)), std::to_string(size).c_str());
    VERIFY_ERROR(decode(jpeg.substr(0, jpeg.size() - 30)),
                 "picture is a damaged JPEG picture, or cut short (");
}

void TestPicture::refusesDamage()
{
    std::string png = encodePng(gradient(64, 64, 3));
    png[png.find("IDAT") + 20] ^= 0x55;
    VERIFY_ERROR(decode(png), "picture is a damaged PNG picture");
    VERIFY_ERROR(decode("\xff\xd8\xff rubbish"), "picture is a damaged JPEG picture");
}

QTEST_APPLESS_MAIN(TestPicture)
#include "tst_picture.moc"
