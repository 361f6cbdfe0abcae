// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/predict/mistakes.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;

namespace {

/// A sample is one byte: its class. Multiples of 5 are taken for class 0, the larger the surer.
class PlainPredictor final : public Predictor
{
public:
    Expected<std::vector<float>> logits(std::span<const std::uint8_t> samples, std::int64_t count) override
    {
        std::vector<float> all;
        for (std::int64_t i = 0; i < count; ++i) {
            const std::uint8_t value = samples[static_cast<std::size_t>(i)];
            for (int c = 0; c < 3; ++c)
                all.push_back(value % 5 == 0 ? (c == 0 ? static_cast<float>(value) / 10 : 0.0f)
                                             : (c == value % 3 ? 4.0f : 0.0f));
        }
        return all;
    }
    Expected<Evaluation> evaluate(const SampleStore&, std::span<const std::int64_t>, std::stop_token) override
    {
        return failure(ErrorKind::Internal, "not used");
    }
};

ResidentStore store(int count)
{
    std::vector<std::uint8_t> samples;
    std::vector<std::int64_t> labels;
    for (int i = 0; i < count; ++i) {
        samples.push_back(static_cast<std::uint8_t>(i % 100));
        labels.push_back(i % 100 % 3);
    }
    return {std::move(samples), std::move(labels)};
}

} // namespace

class TestMistakes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsEachAndPutsTheSurestFirst();
    void canBeStopped();
};

void TestMistakes::findsEachAndPutsTheSurestFirst()
{
    PlainPredictor predictor;
    double told = 0;
    const auto mistakes = findMistakes(predictor, store(150), {1, 1, 1},
                                       [&](double share, const std::string&) { told = share; });
    VERIFY_OK(mistakes);
    // Of 0 … 99 the multiples of 5 that are none of 3: 13; of 0 … 49 again: 6.
    QCOMPARE(mistakes->size(), std::size_t{19});
    QCOMPARE(mistakes->front().index, std::int64_t{95});
    QCOMPARE(mistakes->front().label, std::int64_t{2});
    QCOMPARE(mistakes->front().answer, std::int64_t{0});
    QVERIFY(mistakes->back().probability < mistakes->front().probability);
    QCOMPARE(mistakes->back().index % 100, std::int64_t{5});
    QVERIFY(std::abs(mistakes->back().probability - std::exp(0.5f) / (std::exp(0.5f) + 2)) < 1e-5f);
    QCOMPARE(told, 1.0);
}

void TestMistakes::canBeStopped()
{
    PlainPredictor predictor;
    std::stop_source stop;
    const auto stopped = findMistakes(
        predictor, store(500), {1, 1, 1}, [&](double, const std::string&) { stop.request_stop(); },
        stop.get_token());
    QVERIFY(!stopped && stopped.error().kind == ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestMistakes)
#include "tst_mistakes.moc"
