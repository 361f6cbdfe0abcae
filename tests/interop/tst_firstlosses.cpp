// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/philox.h"
#include "core/engine/batch.h"
#include "core/engine/libtorchengine.h"
#include "core/plan/options.h"
#include "core/plan/schedule.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/interop/interoppython.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// A training on real pictures whose first losses are compared.
struct Comparison
{
    std::string network; ///< its name in models/ and in first_losses.py
    std::string data;    ///< below the folder of the real data sets
    std::size_t losses = 0;
    std::vector<std::string> settings;
};

const Comparison alexnet{"alexnet",
                         "hymenoptera",
                         20,
                         {"optimizer=sgd", "learning_rate=0.001", "momentum=0.9", "schedule=step",
                          "schedule_step=10", "batch_size=16", "epochs=3", "normalise=imagenet"}};
// The shipped recipe: its warm-up rises over the first epoch.
const Comparison resnet20{"resnet20",
                          "cifar10/cifar10-images.zip",
                          50,
                          {"optimizer=sgd", "learning_rate=0.1", "momentum=0.9", "weight_decay=0.0001",
                           "schedule=cosine", "warm_up=1", "batch_size=64", "epochs=60", "validation_share=0",
                           "normalise=measured"}};

/// The shipped model without dropout, as a file of its own: masks are drawn differently here and there.
std::string withoutDropout(const TemporaryFolder& folder, const std::string& network)
{
    std::string text =
        must(readText(std::filesystem::path(TORCHDESK_SOURCE_DIR) / "models" / (network + ".json")));
    const std::string share = R"({"kind": "dropout", "p": 0.5})";
    for (std::size_t at = text.find(share); at != std::string::npos; at = text.find(share))
        text.replace(at, share.size(), R"({"kind": "dropout", "p": 0})");
    writeFile(folder / (network + ".json"), text);
    return (folder / (network + ".json")).string();
}

TrainingJob jobOf(const Comparison& comparison, const TemporaryFolder& folder)
{
    TrainingPlan plan;
    plan.model = withoutDropout(folder, comparison.network);
    plan.data = (datasets() / comparison.data).string();
    plan.start.weights = (folder / "start.safetensors").string();
    plan.device = "cpu";
    plan.recipe.step = "eager"; // the last bit is compared, and lanes add up in another order
    plan.threads = 2; // sums are taken apart by threads, so the number must be the same on both sides
    for (const std::string& setting : comparison.settings)
        if (const auto set = applySetting(plan, setting); !set)
            qFatal("%s", set.error().message.c_str());
    TrainingJob job = must(prepareJob(plan));
    job.split.validation.clear(); // nothing but the first steps is compared
    job.data.test.reset();
    return job;
}

/// The first losses of a training that is stopped as soon as it has told them.
std::vector<float> firstLosses(const TrainingJob& job, std::size_t count)
{
    auto sink = std::make_shared<CollectingSink>();
    const auto trainer = must(LibTorchEngine().createTrainer(job, sink));
    std::size_t seen = 0;
    sink->onPut = [&](const Event& event) {
        if (const auto* steps = std::get_if<StepsDone>(&event))
            seen += steps->losses.size();
        if (seen >= count)
            trainer->post(Stop{});
    };
    trainer->post(Start{});
    if (!sink->waitForFinished())
        qFatal("The training did not end");
    std::vector<float> losses = sink->losses();
    losses.resize(std::min(losses.size(), count));
    return losses;
}

/// The samples of the first steps, batch by batch.
std::vector<std::vector<std::int64_t>> firstBatches(const TrainingJob& job, std::size_t count)
{
    const auto samples = static_cast<std::int64_t>(job.split.train.size());
    std::vector<std::vector<std::int64_t>> batches;
    for (std::uint64_t epoch = 1; batches.size() < count; ++epoch) {
        const auto order = permutation(samples, Random(job.plan.seed, Purpose::Order, epoch));
        for (std::int64_t first = 0; first < samples && batches.size() < count; first += job.plan.batchSize) {
            batches.emplace_back();
            for (std::int64_t i = first; i < std::min(first + job.plan.batchSize, samples); ++i)
                batches.back().push_back(
                    job.split.train[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])]);
        }
    }
    return batches;
}

/// What the engine makes of each of the 256 values of a channel, so that both sides see the same numbers: the
/// last bit of an input is enough for a difference that grows from step to step.
std::vector<float> valueTable(const TrainingJob& job)
{
    Preprocessing ofOnePixel = job.preprocessing;
    const std::int64_t channels = ofOnePixel.shape[0];
    ofOnePixel.shape = {channels, 1, 1};
    const at::Tensor values = at::arange(256, at::kByte).view({256, 1, 1, 1}).repeat({1, channels, 1, 1});
    at::Tensor table = at::empty({256, channels, 1, 1});
    Normaliser(ofOnePixel, at::kCPU).gather(values, at::arange(256), table);
    const auto* first = table.const_data_ptr<float>();
    return {first, first + table.numel()};
}

/// The pictures in the order in which they train, and what else PyTorch must know.
void writeJob(const TrainingJob& job, const Comparison& comparison, const TemporaryFolder& folder)
{
    const auto elements = static_cast<std::size_t>(elementCount(job.preprocessing.shape).value());
    std::string bytes;
    std::vector<std::int64_t> labels;
    std::vector<std::size_t> sizes;
    std::vector<double> rates;
    for (const auto& batch : firstBatches(job, comparison.losses)) {
        sizes.push_back(batch.size());
        rates.push_back(
            scheduledRate(job.plan, job.stepsPerEpoch(), static_cast<std::int64_t>(rates.size()) + 1));
        for (const std::int64_t sample : batch) {
            const auto place = static_cast<std::size_t>(sample);
            const auto pixels = job.data.train->samples().subspan(place * elements, elements);
            bytes.append(reinterpret_cast<const char*>(pixels.data()), pixels.size());
            labels.push_back(job.data.train->labels()[place]);
        }
    }
    writeFile(folder / "samples.bin", bytes);
    const Json described{{"network", comparison.network},
                         {"classes", job.model.classes},
                         {"shape", job.preprocessing.shape},
                         {"values", valueTable(job)},
                         {"labels", labels},
                         {"batches", sizes},
                         {"rates", rates},
                         {"threads", job.plan.threads},
                         {"momentum", job.plan.momentum},
                         {"decay", job.plan.weightDecay}};
    writeFile(folder / "job.json", described.dump());
}

} // namespace

/// The first losses of real trainings on real pictures: equal weights and order must give PyTorch's losses.
/// tests/bench/run losses prints what this measures.
class TestFirstLosses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void arePyTorchs_data();
    void arePyTorchs();
};

void TestFirstLosses::arePyTorchs_data()
{
    QTest::addColumn<bool>("isAlexnet");
    QTest::newRow("alexnet") << true;
    QTest::newRow("resnet20") << false;
}

void TestFirstLosses::arePyTorchs()
{
    QFETCH(bool, isAlexnet);
    const Comparison& comparison = isAlexnet ? alexnet : resnet20;
    if (datasets().empty() || !std::filesystem::exists(datasets() / comparison.data))
        QSKIP(("there is no " + comparison.data + " in ../shared/datasets (TORCHDESK_DATASETS)").c_str());
    const TemporaryFolder folder;
    const QString classes = isAlexnet ? "2" : "10";
    const CliResult written =
        runScript("first_losses.py", {"weights", QString(comparison.network.c_str()), classes,
                                      QString((folder / "start.safetensors").c_str())});
    QVERIFY2(written.code == 0, written.err.c_str());
    const TrainingJob job = jobOf(comparison, folder);
    const auto found = firstLosses(job, comparison.losses);
    QCOMPARE(found.size(), comparison.losses);

    writeJob(job, comparison, folder);
    const CliResult result = runScript("first_losses.py", {"losses", QString(folder.path().c_str())});
    QVERIFY2(result.code == 0, result.err.c_str());
    const auto wanted = lastLine(result).get<std::vector<double>>();
    QCOMPARE(wanted.size(), found.size());
    double largest = 0;
    for (std::size_t i = 0; i < comparison.losses; ++i)
        largest = std::max(largest, std::abs(static_cast<double>(found[i]) - wanted[i]));
    std::printf("%s: largest difference of the first %zu losses %g (%g to %g)\n", comparison.network.c_str(),
                comparison.losses, largest, wanted.front(), wanted[comparison.losses - 1]);
    QVERIFY2(largest <= 1e-3, std::to_string(largest).c_str());
}

int main(int argc, char** argv)
{
    TestFirstLosses test;
    return runInterop(argc, argv, test);
}

#include "tst_firstlosses.moc"
