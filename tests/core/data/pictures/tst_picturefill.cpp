// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picturefill.h"
#include "tests/core/data/pictures/encodepicture.h"
#include "tests/core/data/pictures/samplepictures.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

using Pixels = std::vector<std::uint8_t>;

Preprocessing rules(const std::string& fit, std::int64_t channels, std::int64_t height, std::int64_t width)
{
    Preprocessing value;
    value.shape = {channels, height, width};
    value.picture = fit;
    return value;
}

/// {width, height, left, top, columns, rows}
std::vector<int> numbers(const Scaling& scaling)
{
    return {scaling.width, scaling.height, scaling.left, scaling.top, scaling.columns, scaling.rows};
}

} // namespace

class TestPictureFill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cropKeepsTheMiddle();
    void cropCutsAsTorchvision();
    void cropIsScalingAndThenCutting();
    void fillShowsAllOnGrey();
    void squashIsFit();
    void greyAndColour();
    void sixteenBitsByTheRange();
    void extremeSides();
};

void TestPictureFill::cropKeepsTheMiddle()
{
    QCOMPARE(toSample({4, 2, 1, {1, 2, 3, 4, 5, 6, 7, 8}}, rules("crop", 1, 2, 2)), (Pixels{2, 3, 6, 7}));
    QCOMPARE(toSample({2, 4, 1, {1, 2, 3, 4, 5, 6, 7, 8}}, rules("crop", 1, 2, 2)), (Pixels{3, 4, 5, 6}));
    const Picture colour{3, 1, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9}};
    QCOMPARE(toSample(colour, rules("crop", 3, 1, 1)), (Pixels{4, 5, 6}));
}

void TestPictureFill::cropCutsAsTorchvision()
{
    // torchvision 0.26: Resize(224) of 500×375 gives 298×224 (298.67 is cut); CenterCrop begins at
    // round(37.0) = 37; of 301×200 with Resize(100) 150×100 and 25; of 305×200 152×100 and 26.
    QCOMPARE(numbers(scalingFor("crop", 500, 375, 224, 224)), (std::vector<int>{298, 224, 37, 0, 224, 224}));
    QCOMPARE(numbers(scalingFor("crop", 375, 500, 224, 224)), (std::vector<int>{224, 298, 0, 37, 224, 224}));
    QCOMPARE(numbers(scalingFor("crop", 305, 200, 100, 100)), (std::vector<int>{152, 100, 26, 0, 100, 100}));
    // Half a pixel is rounded to even, as Python's round does: (101 - 100) / 2 = 0.5 is 0, 1.5 is 2.
    QCOMPARE(numbers(scalingFor("crop", 101, 100, 100, 100)), (std::vector<int>{101, 100, 0, 0, 100, 100}));
    QCOMPARE(numbers(scalingFor("crop", 103, 100, 100, 100)), (std::vector<int>{103, 100, 2, 0, 100, 100}));
    QCOMPARE(numbers(scalingFor("crop", 224, 224, 224, 224)), (std::vector<int>{224, 224, 0, 0, 224, 224}));
}

void TestPictureFill::cropIsScalingAndThenCutting()
{
    const Picture picture = gradient(61, 40, 3);
    const Scaling scaling = scalingFor("crop", 61, 40, 20, 20);
    const Pixels all = resample(picture.pixels, 61, 40, 3,
                                {scaling.width, scaling.height, 0, 0, scaling.width, scaling.height});
    const Pixels cut = resample(picture.pixels, 61, 40, 3, scaling);
    QCOMPARE(cut.size(), std::size_t{1200});
    for (int c = 0; c < 3; ++c) {
        for (int y = 0; y < 20; ++y) {
            for (int x = 0; x < 20; ++x)
                QCOMPARE(cut[static_cast<std::size_t>((c * 20 + y) * 20 + x)],
                         all[static_cast<std::size_t>((c * scaling.height + y + scaling.top) * scaling.width +
                                                      x + scaling.left)]);
        }
    }
}

void TestPictureFill::fillShowsAllOnGrey()
{
    QCOMPARE(toSample({4, 2, 1, {10, 10, 30, 30, 10, 10, 30, 30}}, rules("fill", 1, 2, 2)),
             (Pixels{10, 30, 128, 128}));
    const Picture high{1, 3, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9}};
    QCOMPARE(toSample(high, rules("fill", 3, 3, 3)),
             (Pixels{128, 1,   128, 128, 4,   128, 128, 7,   128, 128, 2,   128, 128, 5,
                     128, 128, 8,   128, 128, 3,   128, 128, 6,   128, 128, 9,   128}));
}

void TestPictureFill::squashIsFit()
{
    const Picture picture = gradient(61, 40, 3);
    QCOMPARE(toSample(picture, rules("squash", 3, 20, 20)), toSample(picture, rules("fit", 3, 20, 20)));
}

void TestPictureFill::greyAndColour()
{
    QCOMPARE(toSample({1, 1, 1, {7}}, rules("crop", 3, 1, 1)), (Pixels{7, 7, 7}));
    QCOMPARE(toSample({1, 1, 3, {255, 0, 100}}, rules("crop", 1, 1, 1)), (Pixels{88}));
    QCOMPARE(toSample({1, 1, 1, {7}}, rules("fill", 3, 1, 2)), (Pixels{7, 128, 7, 128, 7, 128}));
}

void TestPictureFill::sixteenBitsByTheRange()
{
    const Picture deep{5, 1, 1, {}, {0, 1000, 2000, 3000, 65535}};
    Preprocessing by = rules("squash", 1, 1, 5);
    QCOMPARE(toSample(deep, by), (Pixels{0, 4, 8, 12, 255})); // 1000 × 255 / 65535 = 3.89
    by.range = PictureRange{1000, 3000};
    QCOMPARE(toSample(deep, by), (Pixels{0, 0, 128, 255, 255}));
    const auto png = decode(encodePng({1, 1, 16, 2, std::string("\x03\xe8\x07\xd0\x0b\xb8", 6), {}}));
    VERIFY_OK(png);
    by.shape = {3, 1, 1};
    QCOMPARE(toSample(*png, by), (Pixels{0, 128, 255}));
}

void TestPictureFill::extremeSides()
{
    for (const std::string fit : {"crop", "fill", "squash"}) {
        for (const auto& [width, height] : {std::pair{1, 5'000'000}, {5'000'000, 1}, {1, 1}}) {
            const Picture picture{width, height, 1, Pixels(5'000'000, 9)};
            const Pixels sample = toSample(picture, rules(fit, 3, 30, 17));
            QCOMPARE(sample.size(), std::size_t{1530});
            QCOMPARE(sample[29 / 2 * 17 + 17 / 2], std::uint8_t{9});
        }
    }
}

QTEST_APPLESS_MAIN(TestPictureFill)
#include "tst_picturefill.moc"
