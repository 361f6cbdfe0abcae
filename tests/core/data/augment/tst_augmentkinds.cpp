// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/colour.h"
#include "core/data/augment/erase.h"
#include "core/data/augment/geometric.h"
#include "core/data/augment/noise.h"
#include "core/data/augment/warp.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace torchdesk;
using namespace torchdesk::augment;

namespace {

using Floats = std::vector<float>;

Floats warped(const AffineMap& map, const PictureShape& shape, const std::vector<std::uint8_t>& from)
{
    WarpScratch scratch;
    Floats to(shape.elements(), -1);
    warp(map, shape, from.data(), to.data(), scratch);
    return to;
}

/// 0, 1, 2, … of two rows and three columns, in two channels.
const PictureShape small{2, 2, 3};
std::vector<std::uint8_t> counted(std::size_t count)
{
    std::vector<std::uint8_t> values(count);
    std::iota(values.begin(), values.end(), std::uint8_t{1});
    return values;
}

/// 10, 19, 28, …: 5 × 5.
std::vector<std::uint8_t> ramp()
{
    std::vector<std::uint8_t> values;
    for (int i = 0; i < 25; ++i)
        values.push_back(static_cast<std::uint8_t>(10 + 9 * i));
    return values;
}

bool near(const Floats& found, const Floats& wanted, float tolerance)
{
    if (found.size() != wanted.size())
        return false;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (std::abs(found[i] - wanted[i]) > tolerance) {
            qWarning("element %zu: found %f, wanted %f", i, double(found[i]), double(wanted[i]));
            return false;
        }
    }
    return true;
}

const PictureShape fourPixels{3, 2, 2};
const Floats colours = {10, 200, 60, 90, 30, 250, 0, 120, 77, 5, 255, 180};

Floats adjusted(const ColourFactors& factors)
{
    Floats picture = colours;
    adjustColours(factors, fourPixels, picture);
    return picture;
}

double meanOfFloats(const Floats& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviationOfFloats(const Floats& values)
{
    const double mean = meanOfFloats(values);
    double sum = 0;
    for (const float value : values)
        sum += (value - mean) * (value - mean);
    return std::sqrt(sum / static_cast<double>(values.size()));
}

} // namespace

class TestAugmentKinds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void flipsAreExact();
    void shiftsAreExact();
    void aQuarterTurn();
    void rotationAsTorchvision();
    void resizedCropAsTorchvision();
    void mapsCompose();
    void onePixelPictures();
    void coloursAsTorchvision();
    void greyHasNoSaturation();
    void noiseIsNormal();
    void quantiles();
    void cropBoxesKeepTheirLimits();
    void erasedBoxes();
    void kindsDoNotDisturbEachOther();
};

void TestAugmentKinds::flipsAreExact()
{
    const auto picture = counted(12);
    QVERIFY(flipped(small, true, true).isExact());
    QCOMPARE(warped({}, small, picture), (Floats{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
    QCOMPARE(warped(flipped(small, true, false), small, picture),
             (Floats{3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10}));
    QCOMPARE(warped(flipped(small, false, true), small, picture),
             (Floats{4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9}));
    QCOMPARE(warped(flipped(small, true, true), small, picture),
             (Floats{6, 5, 4, 3, 2, 1, 12, 11, 10, 9, 8, 7}));
}

void TestAugmentKinds::shiftsAreExact()
{
    const auto picture = counted(12);
    QCOMPARE(warped(shifted(1, 0), small, picture), (Floats{0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11}));
    QCOMPARE(warped(shifted(-2, 1), small, picture), (Floats{0, 0, 0, 3, 0, 0, 0, 0, 0, 9, 0, 0}));
    QCOMPARE(warped(shifted(3, 0), small, picture), Floats(12, 0));
    QCOMPARE(warped(shifted(0, -200), small, picture), Floats(12, 0));
    // First mirrored, then moved: 3 2 1 becomes 0 3 2.
    const AffineMap both = then(flipped(small, true, false), shifted(1, 0));
    QVERIFY(both.isExact());
    QCOMPARE(warped(both, small, picture), (Floats{0, 3, 2, 0, 6, 5, 0, 9, 8, 0, 12, 11}));
}

// torchvision's rotate(90) of the same: 2 5 8 / 1 4 7 / 0 3 6.
void TestAugmentKinds::aQuarterTurn()
{
    const PictureShape square{1, 3, 3};
    const std::vector<std::uint8_t> picture = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    QVERIFY(near(warped(rotated(square, 90), square, picture), {2, 5, 8, 1, 4, 7, 0, 3, 6}, 1e-5f));
    QVERIFY(near(warped(rotated(square, 180), square, picture), {8, 7, 6, 5, 4, 3, 2, 1, 0}, 1e-5f));
    QVERIFY(near(warped(rotated(square, -90), square, picture), {6, 3, 0, 7, 4, 1, 8, 5, 2}, 1e-5f));
}

// rotate(30, BILINEAR): the nine pixels whose four neighbours are all inside.
void TestAugmentKinds::rotationAsTorchvision()
{
    const PictureShape square{1, 5, 5};
    const Floats turned = warped(rotated(square, 30), square, ramp());
    const Floats inner = {turned[6],  turned[7],  turned[8],  turned[11], turned[12],
                          turned[13], turned[16], turned[17], turned[18]};
    QVERIFY(near(
        inner, {53.2346f, 83.5289f, 113.8231f, 87.7058f, 118.0f, 148.2942f, 122.1769f, 152.4711f, 182.7654f},
        1e-3f));
    QCOMPARE(turned[0], 0.0f); // from outside
}

// resized_crop(top 1, left 2, height 3, width 2) to 5 × 5, bilinear without antialias, away from the edges of
// the crop, where torchvision repeats its outermost pixels and we see what lies beyond.
void TestAugmentKinds::resizedCropAsTorchvision()
{
    const PictureShape square{1, 5, 5};
    const Floats found = warped(cropped(square, {2, 1, 2, 3}), square, ramp());
    const Floats inner = {found[6], found[7], found[8], found[11], found[12], found[13]};
    QVERIFY(near(inner, {91.9f, 95.5f, 99.1f, 118.9f, 122.5f, 126.1f}, 1e-3f));
    QVERIFY(cropped(square, {0, 0, 5, 5}).isExact());
    // At the edge of the picture the outermost pixels are repeated, not darkened.
    const Floats corner = warped(cropped(square, {0, 0, 2, 2}), square, ramp());
    QCOMPARE(corner[0], 10.0f);
}

void TestAugmentKinds::mapsCompose()
{
    const PictureShape square{1, 3, 3};
    const std::vector<std::uint8_t> picture = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    // Turned by 90 degrees, then mirrored: 8 5 2 / 7 4 1 / 6 3 0.
    const AffineMap both = then(rotated(square, 90), flipped(square, true, false));
    QVERIFY(near(warped(both, square, picture), {8, 5, 2, 7, 4, 1, 6, 3, 0}, 1e-5f));
    const AffineMap whole = then(rotated(square, 40), rotated(square, -40));
    QVERIFY(near(warped(whole, square, picture), {0, 1, 2, 3, 4, 5, 6, 7, 8}, 1e-4f));
}

void TestAugmentKinds::onePixelPictures()
{
    const PictureShape pixel{1, 1, 1};
    QVERIFY(near(warped(rotated(pixel, 33), pixel, {77}), {77}, 1e-4f));
    AffineMap half;
    half.x0 = 0.25;
    QCOMPARE(warped(half, pixel, {77}), Floats{77});
    half.x0 = 0.75;
    QCOMPARE(warped(half, pixel, {77}), Floats{0});
    const PictureShape row{1, 1, 4};
    half.x0 = 0.5;
    QCOMPARE(warped(half, row, {10, 20, 30, 40}), (Floats{15, 25, 35, 0}));
}

// Figures of torchvision 0.26 (adjust_brightness, adjust_contrast, adjust_saturation on floats, × 255).
void TestAugmentKinds::coloursAsTorchvision()
{
    QVERIFY(near(adjusted({1.4, 1, 1}), {14, 255, 84, 126, 42, 255, 0, 168, 107.8f, 7, 255, 252}, 1e-3f));
    QVERIFY(near(adjusted({0.6, 1, 1}), {6, 120, 36, 54, 18, 150, 0, 72, 46.2f, 3, 153, 108}, 1e-3f));
    QVERIFY(near(adjusted({1, 1.5, 1}),
                 {0, 249.8323f, 39.8322f, 84.8323f, 0, 255, 0, 129.8323f, 65.3323f, 0, 255, 219.8323f},
                 1e-3f));
    QVERIFY(near(adjusted({1, 0.3, 1}),
                 {73.2349f, 130.2348f, 88.2349f, 97.2349f, 79.2349f, 145.2349f, 70.2349f, 106.2348f, 93.3349f,
                  71.7349f, 146.7349f, 124.2349f},
                 1e-3f));
    QVERIFY(near(adjusted({1, 1, 1.8}),
                 {0, 194.32f, 70.3968f, 67.7112f, 30.4984f, 255, 0, 121.7112f, 115.0984f, 0, 255, 229.7112f},
                 1e-3f));
    QVERIFY(near(adjusted({1, 1, 0.25}),
                 {24.5328f, 205.325f, 50.253f, 110.8958f, 29.5328f, 217.825f, 35.253f, 118.3958f, 41.2828f,
                  156.575f, 99.003f, 133.3958f},
                 1e-3f));
    QVERIFY(near(adjusted({1.4, 0.5, 1.8}),
                 {57.0304f, 199.7005f, 114.8105f, 108.2794f, 82.2304f, 199.7005f, 39.2105f, 146.0794f,
                  141.4504f, 0, 255, 221.6794f},
                 1e-3f));
    QCOMPARE(adjusted({}), colours);
}

void TestAugmentKinds::greyHasNoSaturation()
{
    Floats grey = {10, 200, 60, 90};
    adjustColours({1, 1, 0.1}, {1, 2, 2}, grey);
    QCOMPARE(grey, (Floats{10, 200, 60, 90}));
    adjustColours({1, 1.5, 1}, {1, 2, 2}, grey); // about the mean 90
    QVERIFY(near(grey, {0, 255, 45, 90}, 1e-4f));
}

void TestAugmentKinds::noiseIsNormal()
{
    const std::size_t count = 100'001;
    Floats picture(count, 127.5f);
    addNoise(10, Random(1, Purpose::Augmentation), picture);
    QVERIFY(std::abs(meanOfFloats(picture) - 127.5) < 0.15); // 5 deviations of the mean
    QVERIFY(std::abs(deviationOfFloats(picture) - 10) < 0.12);
    const auto within = std::count_if(picture.begin(), picture.end(),
                                      [](float value) { return std::abs(value - 127.5f) < 10; });
    QVERIFY(std::abs(static_cast<double>(within) / count - 0.6827) < 0.0075);
    Floats same(count, 127.5f);
    addNoise(10, Random(1, Purpose::Augmentation), same);
    QVERIFY(same == picture);
    Floats black(1000, 0);
    addNoise(50, Random(2, Purpose::Augmentation), black);
    QVERIFY(*std::min_element(black.begin(), black.end()) == 0);
}

void TestAugmentKinds::quantiles()
{
    QVERIFY(std::abs(normalQuantile(0.5)) < 1e-12);
    QVERIFY(std::abs(normalQuantile(0.975) - 1.959963984540054) < 1e-12);
    QVERIFY(std::abs(normalQuantile(0.001) + 3.090232306167813) < 1e-11);
}

void TestAugmentKinds::cropBoxesKeepTheirLimits()
{
    const PictureShape shape{3, 32, 32};
    double least = 1;
    double most = 0;
    for (std::uint32_t i = 0; i < 2000; ++i) {
        const Box box = drawCropBox(shape, 0.25, Random(1, Purpose::Augmentation, 1, i));
        QVERIFY(box.left >= 0 && box.top >= 0 && box.width >= 1 && box.height >= 1);
        QVERIFY(box.left + box.width <= 32 && box.top + box.height <= 32);
        const double area = box.width * box.height / 1024.0;
        least = std::min(least, area);
        most = std::max(most, area);
        const double proportion = static_cast<double>(box.width) / box.height;
        QVERIFY2(proportion > 0.70 && proportion < 1.42, std::to_string(proportion).c_str());
    }
    QVERIFY(least > 0.22 && least < 0.3 && most > 0.93);
    // Nothing of a long picture fits: the middle of it, 4 : 3.
    QCOMPARE(drawCropBox({1, 3, 60}, 1, Random(1, Purpose::Augmentation)), (Box{28, 0, 4, 3}));
}

void TestAugmentKinds::erasedBoxes()
{
    const PictureShape shape{1, 20, 30};
    int erased = 0;
    for (std::uint32_t i = 0; i < 2000; ++i) {
        const auto box = drawErased(shape, 0.25, Random(1, Purpose::Augmentation, 1, i));
        if (!box)
            continue;
        ++erased;
        QVERIFY(box->left >= 0 && box->left + box->width <= 30 && box->top >= 0 &&
                box->top + box->height <= 20);
        QVERIFY(box->width * box->height <= 0.37 * 600);
    }
    QVERIFY(std::abs(erased / 2000.0 - 0.25) < 0.04);
    QVERIFY(!drawErased(shape, 0, Random(1, Purpose::Augmentation)));
    Floats picture(24, 9);
    erase({1, 1, 2, 1}, {2, 3, 4}, picture);
    Floats wanted(24, 9);
    wanted[5] = wanted[6] = wanted[17] = wanted[18] = 0;
    QCOMPARE(picture, wanted);
}

// Setting one kind leaves the numbers of another as they are.
void TestAugmentKinds::kindsDoNotDisturbEachOther()
{
    const PictureShape shape{1, 28, 28};
    const Turn turn{3, 2, 77};
    Augmentation one;
    one.shift = 0.2;
    Augmentation two = one;
    two.flip = "horizontal";
    std::set<double> shifts;
    for (std::uint32_t i = 0; i < 50; ++i) {
        const AffineMap alone = drawMap(one, shape, {3, 2, i});
        const AffineMap both = drawMap(two, shape, {3, 2, i});
        QVERIFY(both == alone || both == then(flipped(shape, true, false), alone));
        QVERIFY(std::abs(alone.x0) <= 6 && std::abs(alone.y0) <= 6); // 5.6, rounded
        shifts.insert(alone.x0);
    }
    QVERIFY(shifts.size() > 8);
    QVERIFY(drawMap(one, shape, turn) == drawMap(one, shape, turn));
    QVERIFY(drawMap(one, shape, {3, 3, 77}) != drawMap(one, shape, turn));
    QVERIFY(drawMap(one, shape, {4, 2, 77}) != drawMap(one, shape, turn));
}

QTEST_APPLESS_MAIN(TestAugmentKinds)
#include "tst_augmentkinds.moc"
