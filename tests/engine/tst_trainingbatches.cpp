// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/normalisation.h"
#include "core/engine/libtorchengine.h"
#include "core/engine/loss.h"
#include "core/engine/trainingbatches.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/engine/smallbatch.h"
#include "tests/support/testsupport.h"

#include <cmath>
#include <numeric>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

std::vector<std::int64_t> firstIndices(std::int64_t count)
{
    std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), std::int64_t{0});
    return indices;
}

TrainingJob variedJob()
{
    TrainingJob job = denseJob(200, 40, 2);
    job.plan.augmentation.shift = 0.1;
    job.plan.augmentation.rotate = 20;
    job.plan.augmentation.noise = 0.1;
    job.plan.augmentation.mixup = 0.4;
    job.plan.augmentation.cutmix = 1;
    job.plan.augmentation.labelSmoothing = 0.1;
    return job;
}

class KeepThreadCount
{
public:
    ~KeepThreadCount() { at::set_num_threads(m_before); }

private:
    int m_before = at::get_num_threads();
};

} // namespace

class TestTrainingBatches : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lossAsPyTorch();
    void answersCountWithTheirShare();
    void withoutAugmentationTheyArePlain();
    void theyAreWhatCoreMakes();
    void threadsDoNotMatter();
    void mixingIsThatOfCore();
    void twoRunsAreIdentical();
    void validationIsNeitherVariedNorSmoothed();
    void measuredNormalisationReachesThePrediction();
};

// torch 2.11: F.cross_entropy(logits, [0, 2]), with label_smoothing=0.1, and 0.7 of that + 0.3 of [1, 0]'s.
void TestTrainingBatches::lossAsPyTorch()
{
    QVERIFY(std::abs(Loss()(logitsOfTwo(), twoSamples(false)).item<double>() - 1.3372215) < 1e-6);
    QVERIFY(std::abs(Loss(0.1)(logitsOfTwo(), twoSamples(false)).item<double>() - 1.3788881) < 1e-6);
    QVERIFY(std::abs(Loss(0.1)(logitsOfTwo(), twoSamples(true)).item<double>() - 1.9188881) < 1e-6);
}

// The answers are 0 and 1: the first meets its own label, neither meets the other's.
void TestTrainingBatches::answersCountWithTheirShare()
{
    QCOMPARE(countCorrect(logitsOfTwo(), twoSamples(false)).item<double>(), 1.0);
    QVERIFY(std::abs(countCorrect(logitsOfTwo(), twoSamples(true)).item<double>() - 0.7) < 1e-6);
}

void TestTrainingBatches::withoutAugmentationTheyArePlain()
{
    const TrainingJob job = denseJob(20, 0, 1);
    BatchSource plain(job.data.train, job.preprocessing, at::kCPU);
    TrainingBatches batches(job, plain, at::kCPU);
    const at::Tensor indices = indexTensor(std::vector<std::int64_t>{3, 1, 2}, at::kCPU);
    const at::Tensor found = batches.gather(indices, 1, 0).inputs.clone();
    QVERIFY(at::equal(found, plain.gather(indices).inputs));
}

void TestTrainingBatches::theyAreWhatCoreMakes()
{
    TrainingJob job = variedJob();
    job.plan.augmentation.mixup = job.plan.augmentation.cutmix = 0;
    BatchSource plain(job.data.train, job.preprocessing, at::kCPU);
    TrainingBatches batches(job, plain, at::kCPU);
    const std::vector<std::int64_t> chosen = {17, 4, 90, 4};
    const Batch batch = batches.gather(indexTensor(chosen, at::kCPU), 3, 64);
    QVERIFY(!batch.otherLabels.defined());
    at::Tensor wanted = at::empty({4, 1, 28, 28});
    Augmenter(job.plan.augmentation, job.preprocessing, job.plan.seed)
        .fill(job.data.train->samples(), chosen, 3, wanted.mutable_data_ptr<float>());
    QVERIFY(at::equal(batch.inputs, wanted));
    for (std::size_t i = 0; i < chosen.size(); ++i)
        QCOMPARE(batch.labels[static_cast<std::int64_t>(i)].item<std::int64_t>(),
                 job.data.train->labels()[static_cast<std::size_t>(chosen[i])]);
}

void TestTrainingBatches::threadsDoNotMatter()
{
    const KeepThreadCount keep;
    const TrainingJob job = variedJob();
    BatchSource plain(job.data.train, job.preprocessing, at::kCPU);
    TrainingBatches batches(job, plain, at::kCPU);
    const at::Tensor indices = indexTensor(firstIndices(150), at::kCPU);
    at::set_num_threads(1);
    const at::Tensor one = batches.gather(indices, 1, 0).inputs.clone();
    for (const int threads : {2, 7}) {
        at::set_num_threads(threads);
        QVERIFY(at::equal(batches.gather(indices, 1, 0).inputs, one));
    }
    QVERIFY(!at::equal(batches.gather(indices, 2, 0).inputs, one));
}

void TestTrainingBatches::mixingIsThatOfCore()
{
    const augment::PictureShape shape{3, 6, 5};
    for (const bool paste : {false, true}) {
        augment::Mix mix;
        mix.partners = {2, 0, 3, 1};
        mix.share = 0.3;
        mix.paste = paste;
        mix.box = paste ? augment::Box{1, 2, 3, 4} : augment::Box{0, 0, 5, 6};
        Batch batch;
        batch.inputs = at::arange(4 * 90, at::kFloat).view({4, 3, 6, 5}).sin();
        batch.labels = at::tensor({5, 6, 7, 8}, at::kLong);
        at::Tensor wanted = batch.inputs.clone();
        std::vector<float> scratch;
        augment::mix(mix, shape, {wanted.mutable_data_ptr<float>(), 360}, scratch);
        mixBatch(batch, mix);
        QVERIFY(at::allclose(batch.inputs, wanted, 0, 1e-6));
        QVERIFY(at::equal(batch.otherLabels, at::tensor({7, 5, 8, 6}, at::kLong)));
        QCOMPARE(batch.share, 0.3);
    }
}

void TestTrainingBatches::twoRunsAreIdentical()
{
    const TrainingJob job = variedJob();
    const auto losses = trained(job)->losses();
    QVERIFY(losses.size() == 12 &&
            std::ranges::all_of(losses, [](float loss) { return std::isfinite(loss); }));
    QCOMPARE(trained(job)->losses(), losses);
    TrainingJob plain = job;
    plain.plan.augmentation = {};
    QVERIFY(trained(plain)->losses() != losses);
}

// The run's figures are plain cross-entropy of plain pictures.
void TestTrainingBatches::validationIsNeitherVariedNorSmoothed()
{
    const TrainingJob job = variedJob();
    const auto sink = trained(job);
    const auto snapshots = sink->all<SnapshotReady>();
    const auto epochs = sink->all<EpochDone>();
    auto predictor =
        must(LibTorchEngine().open(job.model, job.preprocessing, snapshots.back().snapshot->weights, "cpu"));
    const Evaluation plain = predictor->evaluate(*job.data.train, job.split.validation, {}).value();
    QVERIFY(std::abs(epochs.back().validationLoss.value() - plain.loss) < 1e-5);
    QCOMPARE(epochs.back().validationAccuracy.value(), plain.accuracy);
}

void TestTrainingBatches::measuredNormalisationReachesThePrediction()
{
    TrainingJob job = denseJob(400, 100, 2);
    job.plan.normalise = "measured";
    VERIFY_OK(setNormalisation(job.preprocessing, job.plan, job.data, job.split));
    BatchSource plain(job.data.train, job.preprocessing, at::kCPU);
    const at::Tensor inputs = plain.gather(indexTensor(job.split.train, at::kCPU)).inputs;
    QVERIFY(std::abs(inputs.mean().item<double>()) < 1e-4);
    QVERIFY(std::abs(inputs.std(false).item<double>() - 1) < 1e-4);
    const auto sink = trained(job);
    const auto snapshots = sink->all<SnapshotReady>();
    auto predictor =
        must(LibTorchEngine().open(job.model, job.preprocessing, snapshots.back().snapshot->weights, "cpu"));
    const Evaluation test = predictor->evaluate(*job.data.test, firstIndices(100), {}).value();
    QVERIFY(std::abs(test.loss - sink->all<Finished>().front().lastTestLoss.value()) < 1e-5);
}

QTEST_GUILESS_MAIN(TestTrainingBatches)
#include "tst_trainingbatches.moc"
