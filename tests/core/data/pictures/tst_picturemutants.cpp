// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/data/pictures/pictureprobe.h"
#include "tests/core/data/pictures/encodepicture.h"
#include "tests/core/data/pictures/encodetiff.h"
#include "tests/core/data/pictures/samplepictures.h"
#include "tests/support/testsupport.h"

#include <png.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

constexpr std::uint32_t mutantCount = 10'000;

std::string tiff(int channels, int bits, int compression, bool tiled, bool apart = false)
{
    TiffContent content{20, 18, bits, channels,
                        std::string(static_cast<std::size_t>(20 * 18 * channels * bits / 8), 'x')};
    for (std::size_t i = 0; i < content.rows.size(); ++i)
        content.rows[i] = static_cast<char>(i * i % 251);
    content.photometric = channels >= 3 ? 2 : 1;
    content.extra = channels % 2 == 0 ? 2 : -1;
    content.compression = compression;
    content.tiled = tiled;
    content.apart = apart;
    return encodeTiff(content);
}

std::string palettePicture()
{
    TiffContent content{8, 4, 4, 1,
                        std::string("\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef")};
    content.photometric = 3;
    for (int i = 0; i < 48; ++i)
        content.palette.push_back(static_cast<std::uint16_t>(i * 1300));
    return encodeTiff(content);
}

std::vector<std::string> seeds()
{
    const std::string sixteen = bytesOf(gradient(12, 9, 3).pixels) + bytesOf(gradient(12, 9, 3).pixels);
    TiffContent bits{16, 4, 1, 1, "\x12\x34\x56\x78\x9a\xbc\xde\xf0"};
    bits.compression = 4; // CCITT G4
    bits.pages = 2;
    return {
        encodePng(gradient(12, 9, 1)),
        encodePng(gradient(12, 9, 3)),
        encodePng({4, 1, 2, PNG_COLOR_TYPE_PALETTE, std::string("\x1b", 1), std::string(12, 'p')}),
        encodePng({12, 9, 16, PNG_COLOR_TYPE_RGB, sixteen, {}, true}),
        encodePng({2, 1, 16, PNG_COLOR_TYPE_GRAY_ALPHA, "abcdefgh", {}}),
        encodeJpeg(gradient(24, 9, 1), 50),
        withExif(encodeJpeg(gradient(24, 9, 3), 50), 6),
        tiff(1, 8, 1, false),
        tiff(3, 8, 5, false), // LZW
        tiff(4, 8, 8, true),  // deflate
        tiff(1, 16, 8, false),
        tiff(3, 16, 5, true),
        tiff(4, 16, 32773, false, true), // PackBits
        palettePicture(),
        encodeTiff(bits),
    };
}

/// Changes some bytes or cuts; whatever comes out is a whole picture or a sentence.
bool survives(std::string bytes, std::uint32_t number)
{
    Random random(11, Purpose::Augmentation, 0, number);
    for (std::uint32_t i = 0, changes = 1 + random.below(5); i < changes; ++i)
        bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(random.below(256));
    if (random.below(4) == 0)
        bytes.resize(random.below(static_cast<std::uint32_t>(bytes.size())));
    const auto probe = probePicture(std::as_bytes(std::span(bytes)), "picture");
    if (!probe && !probe.error().message.starts_with("picture "))
        return false;
    const auto picture = decode(bytes);
    if (!picture)
        return picture.error().message.starts_with("picture ");
    Preprocessing rules;
    rules.shape = {number % 2 == 0 ? 1 : 3, 7, 5};
    rules.picture = number % 3 == 0 ? "crop" : number % 3 == 1 ? "fill" : "squash";
    rules.range = PictureRange{100, 40'000};
    if (toSample(*picture, rules).size() != static_cast<std::size_t>(rules.shape[0]) * 35)
        return false;
    const std::size_t values = picture->deep.empty() ? picture->pixels.size() : picture->deep.size();
    return values == static_cast<std::size_t>(picture->width) * static_cast<std::size_t>(picture->height) *
                         static_cast<std::size_t>(picture->channels);
}

} // namespace

class TestPictureMutants : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void seedsAreRead();
    void mutantsAreSurvived();
};

void TestPictureMutants::seedsAreRead()
{
    for (const std::string& seed : seeds())
        VERIFY_OK(decode(seed));
}

void TestPictureMutants::mutantsAreSurvived()
{
    const std::vector<std::string> all = seeds();
    for (std::uint32_t number = 0; number < mutantCount; ++number)
        QVERIFY2(survives(all[number % all.size()], number), std::to_string(number).c_str());
}

QTEST_APPLESS_MAIN(TestPictureMutants)
#include "tst_picturemutants.moc"
