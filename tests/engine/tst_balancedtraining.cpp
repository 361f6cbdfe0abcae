// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/classbalance.h"
#include "core/engine/libtorchengine.h"
#include "core/engine/loss.h"
#include "core/engine/trainingsetup.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/engine/smallbatch.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

double lossOf(const std::vector<double>& weights, double smoothing, bool mixed)
{
    return Loss(smoothing, at::tensor(weights, at::kFloat))(logitsOfTwo(), twoSamples(mixed)).item<double>();
}

/// 600 digits to train, of which those below 5 are kept one in ten.
TrainingJob unevenJob(const std::string& balance, std::int64_t epochs = 2)
{
    TrainingJob job = denseJob(800, 400, epochs);
    job.plan.learningRate = 0.003;
    job.plan.recipe.classBalance = balance;
    std::int64_t rare = 0;
    std::erase_if(job.split.train, [&](std::int64_t index) {
        return job.data.train->labels()[static_cast<std::size_t>(index)] < 5 && rare++ % 10 != 0;
    });
    return job;
}

std::vector<std::int64_t> numbers(const at::Tensor& tensor)
{
    const auto* data = tensor.const_data_ptr<std::int64_t>();
    return {data, data + tensor.numel()};
}

std::vector<std::int64_t> orderOf(const TrainingJob& job, std::int64_t epoch)
{
    return numbers(must(TrainingSetup::make(job))->order(epoch));
}

/// The share of the test digits below 5 that the last weights tell.
double rareRecall(const TrainingJob& job)
{
    const auto sink = trained(job);
    auto predictor = must(LibTorchEngine().open(job.model, job.preprocessing,
                                                sink->all<SnapshotReady>().back().snapshot->weights, "cpu"));
    std::vector<std::int64_t> below;
    for (std::int64_t i = 0; i < job.data.test->count(); ++i)
        if (job.data.test->labels()[static_cast<std::size_t>(i)] < 5)
            below.push_back(i);
    return must(predictor->evaluate(*job.data.test, below, {})).accuracy;
}

} // namespace

class TestBalancedTraining : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weightedLossAsPyTorch();
    void firstLossIsWeighted();
    void validationIsNotWeighted();
    void orderIsBalanced();
    void orderFollowsFromTheEpochAlone();
    void twoRunsAreIdentical_data();
    void twoRunsAreIdentical();
    void repeatedSamplesLookDifferent();
    void rareClassesAreToldBetter();
};

// torch 2.11: F.cross_entropy(logits, [0, 2], weight=[0.5, 1, 3]), with label_smoothing=0.1; mixed: 0.7 of
// that
// + 0.3 of [1, 0]'s; last a class of weight 0.
void TestBalancedTraining::weightedLossAsPyTorch()
{
    QVERIFY(std::abs(lossOf({0.5, 1, 3}, 0, false) - 1.9319533) < 1e-6);
    QVERIFY(std::abs(lossOf({0.5, 1, 3}, 0, true) - 2.3702712) < 1e-6);
    QVERIFY(std::abs(lossOf({0.5, 1, 3}, 0.1, false) - 1.8819484) < 1e-6);
    QVERIFY(std::abs(lossOf({0.5, 1, 3}, 0.1, true) - 2.3337107) < 1e-6);
    QVERIFY(std::abs(lossOf({0.5, 0, 3}, 0.1, false) - 1.8469537) < 1e-6);
    QVERIFY(std::abs(lossOf({1, 1, 1}, 0.1, false) - 1.3788881) < 1e-6);
}

// By hand from the logits of the first batch before any step: Σ w·(-log p) / Σ w.
void TestBalancedTraining::firstLossIsWeighted()
{
    TrainingJob job = unevenJob("weights", 1);
    job.model =
        lowered(R"([{"kind": "flatten"}, {"kind": "linear", "features": "classes"}])", {1, 28, 28}, 10);
    const auto setup = must(TrainingSetup::make(job));
    const at::Tensor order = setup->order(1).slice(0, 0, job.plan.batchSize);
    const Batch batch = setup->train.gather(order);
    const at::Tensor logits = setup->network.forward(batch.inputs, Pass{}).detach().to(at::kDouble);
    const at::Tensor each = logits.logsumexp(1) - logits.gather(1, batch.labels.unsqueeze(1)).squeeze(1);
    const auto weights = balancedWeights(classCounts(job.data.train->labels(), job.split.train, 10));
    double sum = 0;
    double of = 0;
    double plain = 0;
    for (std::int64_t i = 0; i < batch.count(); ++i) {
        const double weight = weights[static_cast<std::size_t>(batch.labels[i].item<std::int64_t>())];
        sum += weight * each[i].item<double>();
        of += weight;
        plain += each[i].item<double>() / static_cast<double>(batch.count());
    }
    const double first = trained(job)->losses().front();
    QVERIFY(std::abs(first - sum / of) < 1e-5);
    QVERIFY(std::abs(first - plain) > 1e-3);
}

void TestBalancedTraining::validationIsNotWeighted()
{
    const TrainingJob job = unevenJob("weights");
    const auto sink = trained(job);
    const auto snapshots = sink->all<SnapshotReady>();
    auto predictor =
        must(LibTorchEngine().open(job.model, job.preprocessing, snapshots.back().snapshot->weights, "cpu"));
    const Evaluation plain = must(predictor->evaluate(*job.data.train, job.split.validation, {}));
    QVERIFY(std::abs(sink->all<EpochDone>().back().validationLoss.value() - plain.loss) < 1e-6);
}

void TestBalancedTraining::orderIsBalanced()
{
    const TrainingJob job = unevenJob("sampling");
    const auto labels = job.data.train->labels();
    const auto order = orderOf(job, 2);
    QCOMPARE(order.size(), job.split.train.size());
    const auto counts = classCounts(labels, order, 10);
    const auto [least, most] = std::ranges::minmax(counts);
    QVERIFY(most - least <= 1);
    QVERIFY(std::ranges::none_of(order, [&](std::int64_t index) {
        return std::ranges::find(job.split.train, index) == job.split.train.end();
    }));
    QVERIFY(findImbalance(classCounts(labels, orderOf(unevenJob("none"), 2), 10)));
}

// A run that goes on from epoch 2, with other threads, sees the samples that the whole run saw.
void TestBalancedTraining::orderFollowsFromTheEpochAlone()
{
    TrainingJob job = unevenJob("sampling");
    const auto setup = must(TrainingSetup::make(job));
    (void)setup->order(1);
    const auto third = numbers(setup->order(3));
    job.plan.threads = 3;
    job.plan.augmentation.shift = 0.1;
    QCOMPARE(orderOf(job, 3), third);
    job.plan.seed += 1;
    QVERIFY(orderOf(job, 3) != third);
}

void TestBalancedTraining::twoRunsAreIdentical_data()
{
    QTest::addColumn<QString>("balance");
    QTest::newRow("weights") << "weights";
    QTest::newRow("sampling") << "sampling";
}

void TestBalancedTraining::twoRunsAreIdentical()
{
    QFETCH(QString, balance);
    TrainingJob job = unevenJob(balance.toStdString());
    job.plan.augmentation.rotate = 10;
    job.plan.augmentation.cutmix = 1;
    job.plan.augmentation.labelSmoothing = 0.1;
    job.plan.trainShare = 0.5;
    keepShare(job.plan, job.split);
    const auto losses = trained(job)->losses();
    QCOMPARE(std::ssize(losses), 2 * job.stepsPerEpoch());
    QVERIFY(std::ranges::all_of(losses, [](float loss) { return std::isfinite(loss); }));
    QCOMPARE(trained(job)->losses(), losses);
    job.plan.recipe.classBalance = "none";
    QVERIFY(trained(job)->losses() != losses);
}

// A rare picture comes many times in an epoch: it is varied each time anew, by its place in the order.
void TestBalancedTraining::repeatedSamplesLookDifferent()
{
    TrainingJob job = unevenJob("sampling");
    job.plan.augmentation.rotate = 20;
    BatchSource plain(job.data.train, job.preprocessing, at::kCPU);
    TrainingBatches batches(job, plain, at::kCPU);
    const at::Tensor indices = indexTensor(std::vector<std::int64_t>{4, 4, 4}, at::kCPU);
    const at::Tensor found = batches.gather(indices, 1, 10).inputs.clone();
    QVERIFY(!at::equal(found[0], found[1]) && !at::equal(found[1], found[2]));
    // Neither does it matter where the batch begins.
    QVERIFY(at::equal(batches.gather(indices.slice(0, 1), 1, 11).inputs, found.slice(0, 1)));
    job.plan.recipe.classBalance = "none";
    TrainingBatches usual(job, plain, at::kCPU);
    const at::Tensor same = usual.gather(indices, 1, 10).inputs;
    QVERIFY(at::equal(same[0], same[1]));
}

// Over seeds 1 to 4: 0 to 0.08 without, 0.28 to 0.42 with weights, 0.35 to 0.41 with sampling.
void TestBalancedTraining::rareClassesAreToldBetter()
{
    const double without = rareRecall(unevenJob("none", 12));
    for (const char* balance : {"weights", "sampling"}) {
        const double with = rareRecall(unevenJob(balance, 12));
        QVERIFY2(with > without + 0.15, (std::to_string(without) + " " + std::to_string(with)).c_str());
    }
}

QTEST_GUILESS_MAIN(TestBalancedTraining)
#include "tst_balancedtraining.moc"
