// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <cmath>

using namespace torchdesk;

class TestPhilox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownAnswers();
    void streamsDiffer();
    void belowIsUniform();
    void normalHasMeanAndDeviation();
    void permutationHoldsEachNumberOnce();
};

// The known-answer vectors that the authors of Random123 publish (kat_vectors, philox4x32 10).
void TestPhilox::knownAnswers()
{
    QVERIFY((philox({0, 0, 0, 0}, {0, 0}) == PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    QVERIFY((philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) ==
             PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    QVERIFY((philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
             PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

void TestPhilox::streamsDiffer()
{
    const auto first = [](Random random) { return random.next64(); };
    const auto base = first(Random(1, Purpose::Order, 1, 0));
    QCOMPARE(first(Random(1, Purpose::Order, 1, 0)), base);
    QVERIFY(first(Random(2, Purpose::Order, 1, 0)) != base);
    QVERIFY(first(Random(1, Purpose::Dropout, 1, 0)) != base);
    QVERIFY(first(Random(1, Purpose::Order, 2, 0)) != base);
    QVERIFY(first(Random(1, Purpose::Order, 1, 1)) != base);
}

void TestPhilox::belowIsUniform()
{
    Random random(7, Purpose::Split);
    std::array<int, 6> counts{};
    for (int i = 0; i < 60'000; ++i)
        ++counts[random.below(6)];
    for (const int count : counts)
        QVERIFY(std::abs(count - 10'000) < 500);
}

void TestPhilox::normalHasMeanAndDeviation()
{
    Random random(7, Purpose::Initialisation);
    double sum = 0;
    double squares = 0;
    constexpr int count = 100'000;
    for (int i = 0; i < count; ++i) {
        const double value = random.normal();
        sum += value;
        squares += value * value;
    }
    QVERIFY(std::abs(sum / count) < 0.02);
    QVERIFY(std::abs(squares / count - 1.0) < 0.02);
}

void TestPhilox::permutationHoldsEachNumberOnce()
{
    auto order = permutation(1000, Random(3, Purpose::Order, 1));
    QVERIFY(!std::is_sorted(order.begin(), order.end()));
    QVERIFY(order != permutation(1000, Random(3, Purpose::Order, 2)));
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < order.size(); ++i)
        QCOMPARE(order[i], static_cast<std::int64_t>(i));
    QVERIFY(permutation(0, Random(3, Purpose::Order)).empty());
}

QTEST_APPLESS_MAIN(TestPhilox)
#include "tst_philox.moc"
