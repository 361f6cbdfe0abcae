// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/mnist.h"
#include "core/data/pictures/resample.h"
#include "core/data/syntheticdigits.h"
#include "tests/core/data/pictures/encodepicture.h"
#include "tests/support/testsupport.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

using Sample = std::vector<std::uint8_t>;

Preprocessing digit()
{
    return preprocessingFor(drawnDigitsDescription());
}

Preprocessing fit(std::int64_t channels, std::int64_t height, std::int64_t width)
{
    Preprocessing value;
    value.shape = {channels, height, width};
    return value;
}

Picture drawnPicture(std::uint32_t number)
{
    Picture picture{28, 28, 1, Sample(784)};
    drawDigit(true, number, picture.pixels);
    return picture;
}

/// The picture enlarged \p factor times, on a field of \p side, at (\p left, \p top), as dark ink on light
/// paper.
Picture pastedOnPaper(const Picture& small, int factor, int side, int left, int top)
{
    const Plane large =
        resample({small.width, small.height, small.pixels}, small.width * factor, small.height * factor);
    Picture paper{side, side, 3,
                  Sample(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3, 245)};
    for (int y = 0; y < large.height; ++y) {
        for (int x = 0; x < large.width; ++x) {
            const auto at = 3 * (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(side) +
                                 static_cast<std::size_t>(left + x));
            for (std::size_t c = 0; c < 3; ++c)
                paper.pixels[at + c] = static_cast<std::uint8_t>(245 - large.at(x, y) * 225 / 255);
        }
    }
    return paper;
}

double meanDifference(const Sample& a, const Sample& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(a[i] - b[i]);
    return sum / static_cast<double>(a.size());
}

Sample moved(const Sample& sample, int right, int down)
{
    Sample out(784);
    for (int y = 0; y < 28; ++y) {
        for (int x = 0; x < 28; ++x) {
            const int fromX = x - right;
            const int fromY = y - down;
            if (fromX >= 0 && fromX < 28 && fromY >= 0 && fromY < 28)
                out[static_cast<std::size_t>(y * 28 + x)] =
                    sample[static_cast<std::size_t>(fromY * 28 + fromX)];
        }
    }
    return out;
}

/// A centre of mass near the half of a pixel may be rounded either way: that is still the same digit.
double differenceButForAPixel(const Sample& a, const Sample& b)
{
    double least = 255;
    for (int right = -1; right <= 1; ++right) {
        for (int down = -1; down <= 1; ++down)
            least = std::min(least, meanDifference(a, moved(b, right, down)));
    }
    return least;
}

std::pair<double, double> centreOfMass(const Sample& sample)
{
    double mass = 0, x = 0, y = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        mass += sample[i];
        x += sample[i] * static_cast<double>(i % 28);
        y += sample[i] * static_cast<double>(i / 28);
    }
    return {x / mass, y / mass};
}

} // namespace

class TestSample : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void largeShiftedAndInvertedIsTheSameDigit();
    void survivesJpeg();
    void inkIsCentredAndFitsTheBox();
    void keepsTheProportion();
    void thinLinesStayVisible();
    void emptyPicturesGiveZeros();
    void realMnistStaysAsItIs();
    void fitScalesAndConverts();
    void resamplesByHand();
    void survivesOddSizes();
};

void TestSample::largeShiftedAndInvertedIsTheSameDigit()
{
    double sum = 0;
    for (std::uint32_t number = 0; number < 100; ++number) {
        const Picture small = drawnPicture(number);
        const Sample wanted = toSample(small, digit());
        const Sample found = toSample(pastedOnPaper(small, 9, 400, 120, 31), digit());
        const double difference = differenceButForAPixel(wanted, found);
        QVERIFY2(difference < 15, QByteArray::number(difference).constData());
        sum += difference;
    }
    qInfo("mean difference %.2f of 255", sum / 100);
    QVERIFY(sum / 100 < 6);
}

void TestSample::survivesJpeg()
{
    for (std::uint32_t number = 0; number < 20; ++number) {
        const Picture paper = pastedOnPaper(drawnPicture(number), 6, 300, 10, 100);
        const auto photo = decode(encodeJpeg(paper, 75));
        VERIFY_OK(photo);
        const double difference = differenceButForAPixel(toSample(paper, digit()), toSample(*photo, digit()));
        QVERIFY2(difference < 10, QByteArray::number(difference).constData());
    }
}

void TestSample::inkIsCentredAndFitsTheBox()
{
    for (std::uint32_t number = 0; number < 200; ++number) {
        const Sample sample = toSample(pastedOnPaper(drawnPicture(number), 5, 200, 50, 3), digit());
        const auto [x, y] = centreOfMass(sample);
        QVERIFY(std::abs(x - 14) <= 0.51 && std::abs(y - 14) <= 0.51);
        QCOMPARE(static_cast<int>(*std::max_element(sample.begin(), sample.end())), 255);
        int rows = 0;
        for (std::size_t row = 0; row < 28; ++row)
            rows += std::any_of(sample.begin() + static_cast<long>(28 * row),
                                sample.begin() + static_cast<long>(28 * row + 28),
                                [](std::uint8_t value) { return value > 0; });
        QVERIFY(rows <= 20);
    }
}

void TestSample::keepsTheProportion()
{
    // A bar of 30×120 in white on black: 5×20 in the middle.
    Picture bar{200, 200, 1, Sample(40'000)};
    for (int y = 60; y < 180; ++y)
        std::fill_n(bar.pixels.begin() + y * 200 + 10, 30, std::uint8_t{255});
    const Sample sample = toSample(bar, digit());
    QCOMPARE(std::accumulate(sample.begin(), sample.end(), 0), 255 * 100);
    QCOMPARE(sample[4 * 28 + 14], std::uint8_t{255});
    QCOMPARE(sample[3 * 28 + 14], std::uint8_t{0});
    QCOMPARE(sample[23 * 28 + 14], std::uint8_t{255});
}

void TestSample::thinLinesStayVisible()
{
    Picture line{500, 500, 1, Sample(250'000, 255)};
    for (int i = 100; i < 400; ++i)
        line.pixels[static_cast<std::size_t>(i * 500 + i)] = 0;
    const Sample sample = toSample(line, digit());
    QVERIFY(std::count_if(sample.begin(), sample.end(), [](std::uint8_t v) { return v > 120; }) >= 18);
}

void TestSample::emptyPicturesGiveZeros()
{
    const Sample zeros(784);
    QCOMPARE(toSample(Picture{}, digit()), zeros);
    QCOMPARE(toSample(Picture{1, 1, 1, {9}}, digit()), zeros);
    for (const std::uint8_t paper : {std::uint8_t{0}, std::uint8_t{128}, std::uint8_t{255}})
        QCOMPARE(toSample(Picture{60, 40, 3, Sample(7200, paper)}, digit()), zeros);
    Picture noisy{60, 40, 1, Sample(2400, 250)};
    for (std::size_t i = 0; i < noisy.pixels.size(); ++i)
        noisy.pixels[i] = static_cast<std::uint8_t>(noisy.pixels[i] - i * i % 11);
    QCOMPARE(toSample(noisy, digit()), zeros);
}

void TestSample::realMnistStaysAsItIs()
{
    const auto folder = findMnist({datasets()});
    if (datasets().empty() || !folder)
        QSKIP("MNIST is not beside the checkout (TORCHDESK_DATASETS names the folder with mnist/)");
    const auto data = readMnist(*folder);
    VERIFY_OK(data);
    // Each picture was made by these rules, so making it again changes next to nothing.
    double difference = 0;
    int identical = 0;
    const int count = 1000;
    for (int i = 0; i < count; ++i) {
        const auto stored = data->test->samples().subspan(static_cast<std::size_t>(i) * 784, 784);
        const Picture picture{28, 28, 1, Sample(stored.begin(), stored.end())};
        const double changed = meanDifference(toSample(picture, digit()), picture.pixels);
        difference += changed / count;
        identical += changed < 1;
    }
    qInfo("mean difference %.3f, %d of %d the same", difference, identical, count);
    QVERIFY(difference < 1);
    QVERIFY(identical > count * 95 / 100);
}

void TestSample::fitScalesAndConverts()
{
    const Picture grey{2, 2, 1, {0, 100, 200, 40}};
    QCOMPARE(toSample(grey, fit(1, 2, 2)), grey.pixels);
    QCOMPARE(toSample(grey, fit(1, 1, 1)), (Sample{85}));
    QCOMPARE(toSample(grey, fit(3, 1, 1)), (Sample{85, 85, 85}));
    const Picture colour{1, 1, 3, {255, 0, 100}};
    QCOMPARE(toSample(colour, fit(3, 1, 2)), (Sample{255, 255, 0, 0, 100, 100}));
    QCOMPARE(toSample(colour, fit(1, 1, 1)), (Sample{88})); // 0.299 * 255 + 0.114 * 100
    QCOMPARE(toSample(Picture{}, fit(3, 2, 2)), Sample(12));
}

void TestSample::resamplesByHand()
{
    // Three to two: each target covers one and a half sources.
    QCOMPARE(resample({3, 1, {0, 90, 240}}, 2, 1).values, (Sample{30, 190}));
    // Two to four, bilinear: centres at -0.25 (held), 0.25, 0.75, 1.25 (held).
    QCOMPARE(resample({2, 1, {0, 100}}, 4, 1).values, (Sample{0, 25, 75, 100}));
    QCOMPARE(resample({1, 3, {0, 90, 240}}, 1, 2).values, (Sample{30, 190}));
}

void TestSample::survivesOddSizes()
{
    for (const auto& [width, height] : {std::pair{1, 1000}, {1000, 1}, {2, 3}, {29, 28}, {700, 31}}) {
        Picture picture{width, height, 1, Sample(static_cast<std::size_t>(width * height))};
        picture.pixels[picture.pixels.size() / 2] = 255;
        const Sample sample = toSample(picture, digit());
        QCOMPARE(sample.size(), std::size_t{784});
        // A single dot becomes a full box, as one stroke that is cut to.
        QVERIFY(std::count(sample.begin(), sample.end(), std::uint8_t{255}) == 400);
    }
}

QTEST_APPLESS_MAIN(TestSample)
#include "tst_sample.moc"
