// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "tests/core/data/encodepicture.h"
#include "tests/support/testsupport.h"

#include <cstdlib>
#include <png.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

Picture gradient(int width, int height, int channels)
{
    Picture picture{width, height, channels, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < channels; ++c)
                picture.pixels.push_back(static_cast<std::uint8_t>((4 * x + 6 * y + 60 * c) % 256));
        }
    }
    return picture;
}

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

/// Changes some bytes or cuts; whatever comes out is a whole picture or a sentence.
bool survives(std::string bytes, std::uint32_t number)
{
    Random random(11, Purpose::Augmentation, 0, number);
    for (std::uint32_t i = 0, changes = 1 + random.below(5); i < changes; ++i)
        bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(random.below(256));
    if (random.below(4) == 0)
        bytes.resize(random.below(static_cast<std::uint32_t>(bytes.size())));
    const auto picture = decode(bytes);
    if (!picture)
        return picture.error().message.starts_with("picture ");
    return picture->pixels.size() == static_cast<std::size_t>(picture->width) *
                                         static_cast<std::size_t>(picture->height) *
                                         static_cast<std::size_t>(picture->channels);
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
    void tellsByTheFirstBytes();
    void refusesOtherFiles();
    void refusesSizesBeforeTakingMemory();
    void refusesEveryCut();
    void refusesDamage();
    void survivesMutants();
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
    PngContent content{3, 1, 16, PNG_COLOR_TYPE_GRAY, std::string("\x00\x00\x80\x80\xff\xff", 6), {}};
    const auto back = decode(encodePng(content));
    VERIFY_OK(back);
    QCOMPARE(back->pixels, (std::vector<std::uint8_t>{0, 128, 255}));
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
                 "picture is no PNG or JPEG picture: it is a GIF. Save it as PNG or JPEG.");
    VERIFY_ERROR(decode(""), "picture is no PNG or JPEG picture: it is empty");
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

void TestPicture::survivesMutants()
{
    const std::string seeds[] = {
        encodePng(gradient(12, 9, 1)),
        encodePng(gradient(12, 9, 3)),
        encodePng({4, 1, 2, PNG_COLOR_TYPE_PALETTE, std::string("\x1b", 1), std::string(12, 'p')}),
        encodeJpeg(gradient(24, 9, 1), 50),
        encodeJpeg(gradient(24, 9, 3), 50),
    };
    for (std::uint32_t number = 0; number < 4000; ++number)
        QVERIFY2(survives(seeds[number % std::size(seeds)], number), std::to_string(number).c_str());
}

QTEST_APPLESS_MAIN(TestPicture)
#include "tst_picture.moc"
