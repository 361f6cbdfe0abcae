// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"
#include "core/data/digitpen.h"
#include "core/data/digitstrokes.h"
#include "core/data/syntheticdigits.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <array>
#include <map>

using namespace torchdesk;

namespace {

constexpr std::size_t bytes = 28 * 28;

/// Drawn once for all tests of this program.
const DataSet& drawn()
{
    static const DataSet set = drawDigits().value();
    return set;
}

std::string sha256Of(const SampleStore& store)
{
    return sha256(std::as_bytes(store.samples()));
}

std::string sha256OfLabels(const SampleStore& store)
{
    const std::vector<std::uint8_t> labels(store.labels().begin(), store.labels().end());
    return sha256(std::as_bytes(std::span(labels)));
}

} // namespace

class TestSyntheticDigits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreTheSameOnEveryMachine();
    void eachPictureFollowsFromItsNumber();
    void classesAreOfEqualSize();
    void everyPictureShowsInkOnADarkField();
    void partsShareNoPicture();
    void tellsItsProgressWhateverTheThreads();
    void stops();
    void modelsKeepTheirRules();
    void penDrawsWhereItIsLed();
};

void TestSyntheticDigits::bytesAreTheSameOnEveryMachine()
{
    QCOMPARE(sha256Of(*drawn().train),
             std::string("ac43cdc08ae0cfbaa7733da015d1171fb3c85c01272da6f4c6af23a3b41441bd"));
    QCOMPARE(sha256Of(*drawn().test),
             std::string("f9b8fd5dcf2f3f570feb0b7913d9a74d6902a4697babe01a6fb07e30182ee97d"));
    QCOMPARE(sha256OfLabels(*drawn().train),
             std::string("13b6ccb6da698f2a12f0ff1028211731c1cf5e0b85817c031e1df70caf1c1e76"));
    QCOMPARE(sha256OfLabels(*drawn().test),
             std::string("a11b398033204113a5d56f41bd9058bf04a751ae29c8e07cd2172d5687c38706"));
    DataDescription expected = drawnDigitsDescription();
    expected.fingerprint = "9df396e30a7697e619872ff81f9ab89bc87b4568885a9c9138041ef8f7844e74";
    QVERIFY2(drawn().description == expected, drawn().description.fingerprint.c_str());
}

void TestSyntheticDigits::eachPictureFollowsFromItsNumber()
{
    std::array<std::uint8_t, bytes> picture{};
    for (const std::uint32_t number : {0u, 1u, 9'999u}) {
        for (const bool test : {false, true}) {
            const SampleStore& store = test ? *drawn().test : *drawn().train;
            drawDigit(test, number, picture);
            QVERIFY(std::equal(picture.begin(), picture.end(), store.samples().begin() + number * bytes));
            QCOMPARE(drawnLabel(test, number), store.labels()[number]);
        }
    }
}

void TestSyntheticDigits::classesAreOfEqualSize()
{
    for (const SampleStore* store : {drawn().train.get(), drawn().test.get()}) {
        std::map<std::int64_t, std::int64_t> counts;
        for (const std::int64_t label : store->labels())
            ++counts[label];
        QCOMPARE(counts.size(), std::size_t{10});
        for (const auto& [label, count] : counts)
            QCOMPARE(count, store->count() / 10);
    }
    // Not in a fixed order: the first ten of the two parts differ, and so do the first two tens.
    const auto train = drawn().train->labels();
    const auto test = drawn().test->labels();
    QVERIFY(!std::equal(train.begin(), train.begin() + 10, test.begin()));
    QVERIFY(!std::equal(train.begin(), train.begin() + 10, train.begin() + 10));
}

void TestSyntheticDigits::everyPictureShowsInkOnADarkField()
{
    const auto samples = drawn().train->samples();
    for (std::size_t i = 0; i < 60'000; ++i) {
        const auto picture = samples.subspan(i * bytes, bytes);
        const auto ink =
            std::count_if(picture.begin(), picture.end(), [](std::uint8_t v) { return v >= 128; });
        const auto dark = std::count(picture.begin(), picture.end(), std::uint8_t{0});
        QVERIFY2(ink >= 8 && dark >= 300, std::to_string(i).c_str());
    }
}

void TestSyntheticDigits::partsShareNoPicture()
{
    std::map<std::string, std::size_t> seen;
    for (const SampleStore* store : {drawn().train.get(), drawn().test.get()}) {
        for (std::size_t i = 0; i < 10'000; ++i) {
            const auto picture = store->samples().subspan(i * bytes, bytes);
            ++seen[std::string(picture.begin(), picture.end())];
        }
    }
    QCOMPARE(seen.size(), std::size_t{20'000});
}

void TestSyntheticDigits::tellsItsProgressWhateverTheThreads()
{
    // Three threads here; one for each core where the other tests draw.
    std::vector<double> shares;
    const auto again = drawDigits([&](double share, const std::string&) { shares.push_back(share); }, {}, 3);
    VERIFY_OK(again);
    QCOMPARE(again->description.fingerprint, drawn().description.fingerprint);
    QVERIFY(shares.size() > 1 && std::is_sorted(shares.begin(), shares.end()));
    QCOMPARE(shares.back(), 1.0);
}

void TestSyntheticDigits::stops()
{
    std::stop_source stop;
    int calls = 0;
    const auto stopping = [&](double, const std::string&) {
        ++calls;
        stop.request_stop();
    };
    const auto stopped = drawDigits(stopping, stop.get_token(), 1);
    QVERIFY(!stopped && stopped.error().kind == ErrorKind::Cancelled);
    QCOMPARE(calls, 1);
}

void TestSyntheticDigits::modelsKeepTheirRules()
{
    for (int digit = 0; digit < 10; ++digit) {
        QVERIFY(strokeModels(digit).size() >= 3);
        for (const StrokeModel model : strokeModels(digit)) {
            QVERIFY(model.size() >= 2 && model.size() <= mostKnots);
            QVERIFY(model.front().kind == Knot::Begin && model.back().kind != Knot::Begin);
            for (const Knot& knot : model)
                QVERIFY(knot.x >= 0 && knot.x <= 100 && knot.y >= 0 && knot.y <= 140);
        }
    }
}

void TestSyntheticDigits::penDrawsWhereItIsLed()
{
    DigitPen pen({128, 128, 255});
    // A line through the centres of row 10, columns 5 to 20: two pixels wide.
    pen.line({5 * 128 + 64, 10 * 128 + 64}, {20 * 128 + 64, 10 * 128 + 64}, 256);
    std::array<std::uint8_t, bytes> picture{};
    pen.render(picture);
    const auto at = [&](std::size_t x, std::size_t y) { return static_cast<int>(picture[y * 28 + x]); };
    QCOMPARE(at(12, 10), 255);
    QVERIFY(std::abs(at(12, 9) - 127) < 4 && at(12, 9) == at(12, 11));
    QCOMPARE(at(12, 8), 0);
    QCOMPARE(at(3, 10), 0);
    // Out of the field nothing is drawn and nothing breaks.
    pen.line({-2000, -2000}, {-1000, 9000}, 320);
    pen.line({3500, 3500}, {9000, 9000}, 128);
    pen.render(picture);
    QCOMPARE(at(0, 0), 0);
    QVERIFY(at(27, 27) > 0);
}

QTEST_APPLESS_MAIN(TestSyntheticDigits)
#include "tst_syntheticdigits.moc"
