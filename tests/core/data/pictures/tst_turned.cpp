// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/pictureprobe.h"
#include "core/data/pictures/turned.h"
#include "tests/core/data/pictures/encodepicture.h"
#include "tests/core/data/pictures/samplepictures.h"
#include "tests/support/testsupport.h"

#include <array>
#include <cstdlib>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

using Pixels = std::vector<std::uint8_t>;

/// How 1 2 3 / 4 5 6 is seen under each orientation, drawn by hand after EXIF 2.32, figure 4.
const std::array<Pixels, 8> seen = {{
    {1, 2, 3, 4, 5, 6},
    {3, 2, 1, 6, 5, 4},
    {6, 5, 4, 3, 2, 1},
    {4, 5, 6, 1, 2, 3},
    {1, 4, 2, 5, 3, 6},
    {4, 1, 5, 2, 6, 3},
    {6, 3, 5, 2, 4, 1},
    {3, 6, 2, 5, 1, 4},
}};

/// The quarters of a picture that says where it is up: dark, light, …
int quarter(const Picture& picture, bool right, bool below)
{
    const int x = picture.width / 4 + (right ? picture.width / 2 : 0);
    const int y = picture.height / 4 + (below ? picture.height / 2 : 0);
    return picture.pixels[static_cast<std::size_t>(y * picture.width + x)];
}

} // namespace

class TestTurned : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachOrientationByHand();
    void colourAndSixteenBits();
    void jpegAsExifSays();
    void pngAsExifSays();
};

void TestTurned::eachOrientationByHand()
{
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const Picture picture = turned({3, 2, 1, {1, 2, 3, 4, 5, 6}}, orientation);
        QCOMPARE(picture.pixels, seen[static_cast<std::size_t>(orientation - 1)]);
        QCOMPARE(picture.width, orientation < 5 ? 3 : 2);
        QCOMPARE(picture.height, orientation < 5 ? 2 : 3);
    }
    for (const int nothing : {-1, 0, 9})
        QCOMPARE(turned({3, 2, 1, {1, 2, 3, 4, 5, 6}}, nothing).pixels, seen[0]);
}

void TestTurned::colourAndSixteenBits()
{
    QCOMPARE(turned({2, 1, 3, {1, 2, 3, 4, 5, 6}}, 2).pixels, (Pixels{4, 5, 6, 1, 2, 3}));
    Picture deep{3, 2, 1, {}, {100, 200, 300, 400, 500, 600}};
    QCOMPARE(turned(deep, 6).deep, (std::vector<std::uint16_t>{400, 100, 500, 200, 600, 300}));
}

void TestTurned::jpegAsExifSays()
{
    // 32×16: the quarters are 40, 90 / 140, 200.
    Picture picture{32, 16, 1, {}};
    for (int i = 0; i < 32 * 16; ++i)
        picture.pixels.push_back(
            static_cast<std::uint8_t>(i < 256 ? (i % 32 < 16 ? 40 : 90) : (i % 32 < 16 ? 140 : 200)));
    const std::string jpeg = encodeJpeg(picture);
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const std::string bytes = withExif(jpeg, orientation);
        const auto back = decode(bytes);
        VERIFY_OK(back);
        const Picture wanted = turned(picture, orientation);
        QCOMPARE(back->width, wanted.width);
        for (const bool right : {false, true}) {
            for (const bool below : {false, true})
                QVERIFY(std::abs(quarter(*back, right, below) - quarter(wanted, right, below)) < 4);
        }
        // A wish is for the picture as it stands, so its sides change places on the way.
        const auto small =
            decodePicture(std::as_bytes(std::span(bytes)), "picture", {wanted.width / 2, wanted.height / 2});
        VERIFY_OK(small);
        QCOMPARE(small->width, wanted.width / 2);
    }
}

void TestTurned::pngAsExifSays()
{
    const std::string png = encodePng(Picture{3, 2, 1, {1, 2, 3, 4, 5, 6}});
    const std::string exif = exifWith(8);
    const std::string chunk = std::string("\0\0\0", 3) + static_cast<char>(exif.size()) + "eXIf" + exif;
    // libpng passes over a chunk whose checksum does not fit; what EXIF says is read all the same.
    const std::string bytes = png.substr(0, 33) + chunk + "\x01\x02\x03\x04" + png.substr(33);
    QCOMPARE(pictureOrientation(std::as_bytes(std::span(bytes))), 8);
    const auto back = decode(bytes);
    VERIFY_OK(back);
    QCOMPARE(back->pixels, seen[7]);
}

QTEST_APPLESS_MAIN(TestTurned)
#include "tst_turned.moc"
