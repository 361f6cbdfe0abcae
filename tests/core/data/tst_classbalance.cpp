// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/classbalance.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace torchdesk;

namespace {

using Counts = std::vector<std::int64_t>;

/// 200 samples of classes 0, 1 and 3; every second one is of no use to the training.
struct Uneven
{
    Uneven()
    {
        for (std::int64_t i = 0; i < 200; ++i) {
            labels.push_back(i < 180 ? 0 : i < 194 ? 1 : 3);
            if (i % 2 == 0)
                samples.push_back(i);
        }
    }
    Counts order(std::uint64_t seed, std::uint64_t epoch) const
    {
        return balancedOrder(labels, samples, classes, seed, epoch);
    }

    std::size_t classes = 4;
    Counts labels;
    Counts samples; ///< 90 of class 0, 7 of class 1, 3 of class 3
};

} // namespace

class TestClassBalance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatTrains();
    void threeTimesIsUneven();
    void namesBothClasses();
    void weightsByHand();
    void eachClassComesEquallyOften();
    void theRestFallsToEveryClassInTurn();
    void followsFromSeedAndEpoch();
    void drawsWithReplacement();
    void nothingStaysNothing();
};

void TestClassBalance::countsWhatTrains()
{
    const Uneven data;
    QCOMPARE(classCounts(data.labels, data.samples, data.classes), (Counts{90, 7, 0, 3}));
    QCOMPARE(classCounts(data.labels, {}, 2), (Counts{0, 0}));
}

void TestClassBalance::threeTimesIsUneven()
{
    QVERIFY(!findImbalance(Counts{299, 100, 150}));
    QVERIFY(findImbalance(Counts{100, 300, 150}) == (ClassImbalance{1, 0, 300, 100}));
    // A class without samples cannot be balanced, and one class is even.
    QVERIFY(!findImbalance(Counts{0, 10, 20}));
    QVERIFY(!findImbalance(Counts{0, 1000}));
    QVERIFY(!findImbalance(Counts{0, 0}));
    QVERIFY(!findImbalance(Counts{}));
}

void TestClassBalance::namesBothClasses()
{
    QCOMPARE(imbalanceText({0, 1, 5000, 120}, {"benign", "rare"}),
             std::string("The classes are uneven: 'benign' has 5,000 training samples, 'rare' 120. "
                         "class_balance=weights or class_balance=sampling makes up for that."));
}

// scikit-learn 1.5: compute_class_weight("balanced", classes=[0, 1, 3], y=…) for 6, 3 and 1 samples.
void TestClassBalance::weightsByHand()
{
    const std::vector<double> weights = balancedWeights(Counts{6, 3, 0, 1});
    const std::vector<double> wanted = {10.0 / 18, 10.0 / 9, 0, 10.0 / 3};
    QCOMPARE(weights.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
        QVERIFY(std::abs(weights[i] - wanted[i]) < 1e-12);
    QCOMPARE(balancedWeights(Counts{7, 7}), (std::vector<double>{1, 1}));
    QCOMPARE(balancedWeights(Counts{0, 0}), (std::vector<double>{0, 0}));
}

void TestClassBalance::eachClassComesEquallyOften()
{
    const Uneven data;
    const Counts order = data.order(1, 1);
    QCOMPARE(order.size(), std::size_t{100});
    Counts counts = classCounts(data.labels, order, data.classes);
    QCOMPARE(counts[2], std::int64_t{0});
    std::ranges::sort(counts);
    QCOMPARE(counts, (Counts{0, 33, 33, 34}));
    for (const std::int64_t index : order)
        QVERIFY(std::ranges::binary_search(data.samples, index));
    // Not one class after the other: each fifth of the epoch has something of all of them.
    for (std::size_t first = 0; first < order.size(); first += 20) {
        const Counts part(order.begin() + static_cast<std::ptrdiff_t>(first),
                          order.begin() + static_cast<std::ptrdiff_t>(first + 20));
        QCOMPARE(std::ranges::count(classCounts(data.labels, part, data.classes), 0), 1);
    }
}

void TestClassBalance::theRestFallsToEveryClassInTurn()
{
    const Uneven data;
    std::set<std::int64_t> luckier;
    for (std::uint64_t epoch = 1; epoch <= 30; ++epoch) {
        const Counts counts = classCounts(data.labels, data.order(1, epoch), data.classes);
        luckier.insert(std::ranges::max_element(counts) - counts.begin());
    }
    QCOMPARE(luckier, (std::set<std::int64_t>{0, 1, 3}));
}

// A continued run draws the epoch that it would have drawn: nothing is kept between epochs.
void TestClassBalance::followsFromSeedAndEpoch()
{
    const Uneven data;
    const Counts third = data.order(7, 3);
    (void)data.order(7, 4);
    QCOMPARE(data.order(7, 3), third);
    QVERIFY(data.order(7, 4) != third);
    QVERIFY(data.order(8, 3) != third);
}

// 33 draws of 3 samples take about 11 of each, and 33 of 90 seldom all of them different.
void TestClassBalance::drawsWithReplacement()
{
    const Uneven data;
    Counts times(200);
    for (std::uint64_t epoch = 1; epoch <= 90; ++epoch)
        for (const std::int64_t index : data.order(1, epoch))
            ++times[static_cast<std::size_t>(index)];
    for (const std::int64_t index : data.samples) {
        const bool rare = data.labels[static_cast<std::size_t>(index)] == 3;
        const bool common = data.labels[static_cast<std::size_t>(index)] == 0;
        const std::int64_t found = times[static_cast<std::size_t>(index)];
        // Expected: 1000, 429 or 33; five deviations (square root of that) either way.
        const double wanted = rare ? 1000 : common ? 100.0 / 3 : 3000.0 / 7;
        QVERIFY2(std::abs(static_cast<double>(found) - wanted) < 5 * std::sqrt(wanted),
                 std::to_string(found).c_str());
    }
}

void TestClassBalance::nothingStaysNothing()
{
    QVERIFY(balancedOrder({}, {}, 3, 1, 1).empty());
}

QTEST_APPLESS_MAIN(TestClassBalance)
#include "tst_classbalance.moc"
