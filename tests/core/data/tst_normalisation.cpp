// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/data/normalisation.h"
#include "tests/support/testsupport.h"

#include <cmath>
#include <numeric>

using namespace torchdesk;

namespace {

DataSet colourSet()
{
    DataSet data;
    data.description.shape = {3, 1, 2};
    data.description.classes = {"a", "b"};
    // Sample by sample: two pixels of red, green, blue. The last one is not among those that train.
    data.train = std::make_shared<ResidentStore>(
        std::vector<std::uint8_t>{0, 255, 51, 51, 10, 20, 255, 0, 51, 51, 30, 40, 9, 9, 9, 9, 9, 9},
        std::vector<std::int64_t>{0, 1, 0});
    return data;
}

bool close(double found, double wanted)
{
    return std::abs(found - wanted) < 1e-12;
}

} // namespace

class TestNormalisation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void channelsByHand();
    void threadsDoNotMatter();
    void stopsWhenAsked();
    void theSamplesThatTrainAreMeasured();
    void imageNetHasItsFigures();
};

void TestNormalisation::channelsByHand()
{
    const DataSet data = colourSet();
    const std::vector<std::int64_t> first = {0, 1};
    const auto found = measureChannels(*data.train, data.description.shape, first);
    VERIFY_OK(found);
    QCOMPARE(found->size(), std::size_t{3});
    QVERIFY(close((*found)[0].mean, 0.5) && close((*found)[0].deviation, 0.5)); // 0 1 1 0
    QVERIFY(close((*found)[1].mean, 0.2) && close((*found)[1].deviation, 0));
    QVERIFY(close((*found)[2].mean, 25 / 255.0)); // 10 20 30 40
    QVERIFY(close((*found)[2].deviation, std::sqrt(125.0) / 255));
}

void TestNormalisation::threadsDoNotMatter()
{
    constexpr std::int64_t count = 9000;
    Random random(1, Purpose::Verification);
    std::vector<std::uint8_t> bytes(count * 1200);
    for (std::size_t i = 0; i < bytes.size(); i += 4)
        bytes[i] = static_cast<std::uint8_t>(random.next());
    const ResidentStore store(std::move(bytes), std::vector<std::int64_t>(count));
    std::vector<std::int64_t> indices(count);
    std::iota(indices.begin(), indices.end(), std::int64_t{0});
    double last = 0;
    const auto progress = [&](double share, const std::string& what) {
        QVERIFY(share >= last && share < 1 && what == "measuring mean and deviation");
        last = share;
    };
    const auto one = measureChannels(store, {3, 20, 20}, indices, progress, {}, 1);
    QVERIFY(last > 0);
    for (const int threads : {2, 7}) {
        const auto more = measureChannels(store, {3, 20, 20}, indices, {}, {}, threads);
        VERIFY_OK(more);
        for (std::size_t c = 0; c < 3; ++c) {
            QCOMPARE((*more)[c].mean, (*one)[c].mean);
            QCOMPARE((*more)[c].deviation, (*one)[c].deviation);
        }
    }
}

void TestNormalisation::stopsWhenAsked()
{
    const DataSet data = colourSet();
    std::stop_source stop;
    stop.request_stop();
    const std::vector<std::int64_t> first = {0, 1};
    VERIFY_ERROR(measureChannels(*data.train, data.description.shape, first, {}, stop.get_token()),
                 "stopped");
}

void TestNormalisation::theSamplesThatTrainAreMeasured()
{
    const DataSet data = colourSet();
    Split split;
    split.train = {0, 1};
    split.validation = {2};
    Preprocessing preprocessing;
    preprocessing.shape = data.description.shape;
    TrainingPlan plan;
    VERIFY_OK(setNormalisation(preprocessing, plan, data, split));
    QVERIFY(preprocessing.mean.empty() && preprocessing.deviation.empty());
    plan.normalise = "measured";
    VERIFY_OK(setNormalisation(preprocessing, plan, data, split));
    QVERIFY(close(preprocessing.mean[2], 25 / 255.0));
    QCOMPARE(preprocessing.deviation[1], 1.0); // a channel without change
    // What is remembered belongs to these samples, not to others.
    split.train = {0};
    VERIFY_OK(setNormalisation(preprocessing, plan, data, split));
    QVERIFY(close(preprocessing.mean[2], 15 / 255.0));
    VERIFY_OK(setNormalisation(preprocessing, plan, data, split));
    QVERIFY(close(preprocessing.mean[2], 15 / 255.0));
}

void TestNormalisation::imageNetHasItsFigures()
{
    TrainingPlan plan;
    plan.normalise = "imagenet";
    Preprocessing colour;
    colour.shape = {3, 8, 8};
    VERIFY_OK(setNormalisation(colour, plan, {}, {}));
    QCOMPARE(colour.mean, (std::vector<double>{0.485, 0.456, 0.406}));
    QCOMPARE(colour.deviation, (std::vector<double>{0.229, 0.224, 0.225}));
    Preprocessing grey;
    grey.shape = {1, 8, 8};
    VERIFY_OK(setNormalisation(grey, plan, {}, {}));
    QCOMPARE(grey.mean, std::vector<double>{0.449});
    QCOMPARE(grey.deviation, std::vector<double>{0.226});
}

QTEST_APPLESS_MAIN(TestNormalisation)
#include "tst_normalisation.moc"
