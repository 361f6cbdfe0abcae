// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset.h"
#include "core/data/split.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace torchdesk;

namespace {

TrainingPlan planOf(const std::string& split, double share, std::uint64_t seed = 1)
{
    TrainingPlan plan;
    plan.split = split;
    plan.validationShare = share;
    plan.seed = seed;
    return plan;
}

} // namespace

class TestSplit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endTakesTheLastPart();
    void randomIsAPermutationOfTheSeed();
    void noShareValidatesNothing();
    void refusesWhatLeavesNothing();
    void aShareIsDrawnInOrder();
    void gatherCopiesInTheOrderAsked();
};

void TestSplit::endTakesTheLastPart()
{
    const auto split = makeSplit(planOf("end", 0.1), 60000);
    VERIFY_OK(split);
    QCOMPARE(split->train.size(), std::size_t{54000});
    QCOMPARE(split->train.front(), std::int64_t{0});
    QCOMPARE(split->validation.front(), std::int64_t{54000});
    QCOMPARE(split->validation.back(), std::int64_t{59999});
    // Keras: floor(7 * (1 - 0.3)) = 4.
    QCOMPARE(makeSplit(planOf("end", 0.3), 7)->train.size(), std::size_t{4});
}

void TestSplit::randomIsAPermutationOfTheSeed()
{
    const auto one = makeSplit(planOf("random", 0.25, 1), 1000);
    const auto same = makeSplit(planOf("random", 0.25, 1), 1000);
    const auto other = makeSplit(planOf("random", 0.25, 2), 1000);
    VERIFY_OK(one);
    QVERIFY(*one == *same);
    QVERIFY(!(*one == *other));
    QCOMPARE(one->train.size(), std::size_t{750});
    std::vector<std::int64_t> all = one->train;
    all.insert(all.end(), one->validation.begin(), one->validation.end());
    std::sort(all.begin(), all.end());
    std::vector<std::int64_t> expected(1000);
    std::iota(expected.begin(), expected.end(), 0);
    QCOMPARE(all, expected);
    QVERIFY(!std::is_sorted(one->train.begin(), one->train.end()));
}

void TestSplit::noShareValidatesNothing()
{
    const auto split = makeSplit(planOf("end", 0), 5);
    VERIFY_OK(split);
    QCOMPARE(split->train.size(), std::size_t{5});
    QVERIFY(split->validation.empty());
}

void TestSplit::refusesWhatLeavesNothing()
{
    VERIFY_ERROR(makeSplit(planOf("end", 0.9), 1),
                 "validation_share: 0.9 of 1 samples leaves none to train on");
    VERIFY_ERROR(makeSplit(planOf("end", 0), 0), "leaves none to train on");
    VERIFY_ERROR(makeSplit(planOf("end", 1), 10),
                 "validation_share: found 1, wanted at least 0 and less than 1");
    VERIFY_ERROR(makeSplit(planOf("end", -0.1), 10), "found -0.1");
    VERIFY_ERROR(makeSplit(planOf("end", std::nan("")), 10), "found nan");
    VERIFY_ERROR(makeSplit(planOf("middle", 0.1), 10),
                 "split: found \"middle\", wanted \"end\" or \"random\"");
}

void TestSplit::aShareIsDrawnInOrder()
{
    TrainingPlan plan = planOf("end", 0.1);
    const auto whole = makeSplit(plan, 1000);
    VERIFY_OK(whole);
    Split all = *whole;
    keepShare(plan, all);
    QVERIFY(all == *whole);

    plan.trainShare = 0.25;
    Split quarter = *whole;
    keepShare(plan, quarter);
    QCOMPARE(quarter.train.size(), std::size_t{225});
    QVERIFY(quarter.validation == whole->validation);
    QVERIFY(std::is_sorted(quarter.train.begin(), quarter.train.end()));
    QVERIFY(std::adjacent_find(quarter.train.begin(), quarter.train.end()) == quarter.train.end());
    QVERIFY(quarter.train.front() >= 0 && quarter.train.back() < 900 && quarter.train.back() > 800);

    plan.seed = 2;
    Split other = *whole;
    keepShare(plan, other);
    QVERIFY(other.train != quarter.train);
    plan.trainShare = 1e-9;
    keepShare(plan, other);
    QCOMPARE(other.train.size(), std::size_t{1});
}

void TestSplit::gatherCopiesInTheOrderAsked()
{
    const ResidentStore store({0, 1, 10, 11, 20, 21}, {7, 8, 9});
    QCOMPARE(store.count(), std::int64_t{3});
    const std::vector<std::int64_t> indices = {2, 0, 2};
    std::vector<std::uint8_t> out(6);
    gather(store, 2, indices, out);
    QCOMPARE(out, (std::vector<std::uint8_t>{20, 21, 0, 1, 20, 21}));
}

QTEST_APPLESS_MAIN(TestSplit)
#include "tst_split.moc"
