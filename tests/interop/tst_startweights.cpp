// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/catalogue.h"
#include "core/model/weightmatch.h"
#include "core/session/engineloader.h"
#include "core/session/startingpoint.h"
#include "tests/interop/interoppython.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <numeric>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

class Kept final : public EventSink
{
public:
    void put(Event event) noexcept override
    {
        const std::lock_guard lock(m_mutex);
        m_finished = m_finished || std::holds_alternative<Finished>(event);
        m_events.push_back(std::move(event));
        m_changed.notify_all();
    }
    std::vector<Event> all()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, std::chrono::minutes(5), [this] { return m_finished; });
        return m_events;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Event> m_events;
    bool m_finished = false;
};

/// Two classes of noise: what is learned does not matter here.
DataSet twoClasses()
{
    std::vector<std::uint8_t> pixels(std::size_t{16} * 3 * 64 * 64);
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>(i * 2654435761u >> 13);
    std::vector<std::int64_t> labels(16);
    for (std::size_t i = 0; i < labels.size(); ++i)
        labels[i] = static_cast<std::int64_t>(i % 2);
    DataSet data;
    data.description.name = "noise";
    data.description.classes = {"a", "b"};
    data.description.shape = {3, 64, 64};
    data.description.trainCount = 16;
    data.train = std::make_shared<ResidentStore>(std::move(pixels), std::move(labels));
    return data;
}

const Preprocessing plain{{3, 64, 64}, 1.0 / 255, {}, {}, "fit"};

} // namespace

/// Weights as torchvision publishes them: read, answered with, trained on.
class TestStartWeights : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void answersAreTorchvisions_data();
    void answersAreTorchvisions();
    void onlyTheHeadIsTrained();

private:
    TemporaryFolder m_folder;
    std::vector<float> m_wanted;
};

void TestStartWeights::initTestCase()
{
    const CliResult result = runScript("start_weights.py", {QString(m_folder.path().c_str())});
    QVERIFY2(result.code == 0, result.err.c_str());
    m_wanted = lastLine(result).get<std::vector<float>>();
}

void TestStartWeights::answersAreTorchvisions_data()
{
    QTest::addColumn<double>("tolerance");
    QTest::newRow("resnet18.pth") << 1e-5;
    QTest::newRow("resnet18-older.pth") << 1e-5;
    QTest::newRow("checkpoint.pth") << 0.02; // in half precision
}

void TestStartWeights::answersAreTorchvisions()
{
    QFETCH(double, tolerance);
    const auto model = lower(findModel("resnet18").value(), {3, 64, 64}, 1000);
    VERIFY_OK(model);
    StartOptions options;
    options.weights = (m_folder / QTest::currentDataTag()).string();
    const auto start = prepareStart(options, *model);
    VERIFY_OK(start);
    QVERIFY2(start->matched.starts_with("102 of 102 tensors matched"), start->matched.c_str());
    const auto engine = loadEngine();
    VERIFY_OK(engine);
    const auto predictor = (*engine)->open(*model, plain, start->tensors, "cpu");
    VERIFY_OK(predictor);
    const auto samples = readBytes(m_folder / "samples.bin");
    VERIFY_OK(samples);
    const auto found =
        (*predictor)->logits({reinterpret_cast<const std::uint8_t*>(samples->data()), samples->size()}, 2);
    VERIFY_OK(found);
    QCOMPARE(found->size(), m_wanted.size());
    for (std::size_t i = 0; i < m_wanted.size(); ++i)
        QVERIFY2(std::abs((*found)[i] - m_wanted[i]) <= tolerance,
                 std::to_string((*found)[i] - m_wanted[i]).c_str());
}

void TestStartWeights::onlyTheHeadIsTrained()
{
    TrainingJob job;
    job.plan.epochs = 1;
    job.plan.batchSize = 8;
    job.plan.device = "cpu";
    job.plan.start.weights = (m_folder / "resnet18.pth").string();
    job.plan.start.freeze = "body";
    job.data = twoClasses();
    job.model = lower(findModel("resnet18").value(), {3, 64, 64}, 2).value();
    job.split.train.resize(16);
    std::iota(job.split.train.begin(), job.split.train.end(), 0);
    job.preprocessing = plain;
    auto start = prepareStart(job.plan.start, job.model);
    VERIFY_OK(start);
    QVERIFY2(start->matched.starts_with("100 of 102 tensors matched, fc is new for 2 classes"),
             start->matched.c_str());
    job.start = std::make_shared<const StartingPoint>(std::move(*start));

    const auto engine = loadEngine();
    VERIFY_OK(engine);
    const auto sink = std::make_shared<Kept>();
    const auto trainer = (*engine)->createTrainer(job, sink);
    VERIFY_OK(trainer);
    (*trainer)->post(Start{});
    std::shared_ptr<const Snapshot> last;
    for (const Event& event : sink->all())
        if (const auto* ready = std::get_if<SnapshotReady>(&event))
            last = ready->snapshot;
    QVERIFY(last);
    QCOMPARE(last->weights.size(), 102u);
    for (const NamedTensor& tensor : last->weights) {
        const auto same =
            std::ranges::find_if(job.start->tensors, [&](const auto& one) { return one == tensor; });
        QVERIFY2((same == job.start->tensors.end()) == tensor.name.starts_with("fc."), tensor.name.c_str());
    }
}

int main(int argc, char** argv)
{
    TestStartWeights test;
    return runInterop(argc, argv, test);
}

#include "tst_startweights.moc"
