// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/libtorchengine.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

NamedTensor zeros(const std::string& name, const Shape& shape, DType type = DType::F32)
{
    const auto bytes = static_cast<std::size_t>(elementCount(shape).value()) * elementSize(type);
    return {name, type, shape, std::make_shared<Bytes>(bytes)};
}

std::vector<NamedTensor> zeroWeights(const LoweredModel& model)
{
    std::vector<NamedTensor> weights;
    for (const LoweredNode& node : model.nodes)
        for (const ParameterSpec& spec : node.parameters)
            weights.push_back(zeros(spec.name, spec.shape));
    return weights;
}

} // namespace

class TestLibTorchEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void infoAndDevices();
    void checkTakesAGoodJob();
    void checkRefuses();
    void measureIsPlausible();
    void measureTellsMemory();
    void measureCanBeStopped();
    void zeroWeightsAnswerTheirBias();
    void logitsDoNotDependOnTheBatch();
    void predictionRefusesWrongSizes();
    void openRefusals();
    void evaluationCanBeStopped();
};

void TestLibTorchEngine::infoAndDevices()
{
    const LibTorchEngine engine;
    const EngineInfo info = engine.info();
    QCOMPARE(info.name, std::string("LibTorch"));
    QVERIFY(info.version.starts_with("2.11.0"));
    const auto devices = engine.devices();
    QCOMPARE(devices.front().id, std::string("cpu"));
    QVERIFY(devices.front().totalMemory > 0 && devices.front().freeMemory <= devices.front().totalMemory);
    QCOMPARE(info.whyNoCuda.empty(), devices.size() > 1);
}

void TestLibTorchEngine::checkTakesAGoodJob()
{
    TrainingJob job = lenetJob(20, 5, 1);
    VERIFY_OK(LibTorchEngine().check(job));
    job.plan.device = "auto";
    VERIFY_OK(LibTorchEngine().check(job));
}

void TestLibTorchEngine::checkRefuses()
{
    LibTorchEngine engine;
    TrainingJob job = lenetJob(20, 5, 1);
    job.plan.device = "cuda:99";
    VERIFY_ERROR(engine.check(job), "device: found 'cuda:99', wanted one that is here: auto, cpu");
    job = lenetJob(20, 5, 1);
    job.plan.optimizer = "lion";
    VERIFY_ERROR(engine.check(job), "wanted one of: adam, adamw, sgd, rmsprop");
    VERIFY_ERROR(engine.createTrainer(job, std::make_shared<CollectingSink>()),
                 "wanted one of: adam, adamw, sgd, rmsprop");
    job = lenetJob(20, 5, 1);
    job.model =
        lowered(R"([{"kind": "flatten"}, {"kind": "linear", "name": "fc", "features": 7}])", {1, 28, 28}, 7);
    job.model.classes = 10;
    VERIFY_ERROR(engine.check(job), "ends with 7 values, wanted 10");
    job = lenetJob(20, 5, 1);
    job.model.input = {3, 28, 28};
    VERIFY_ERROR(engine.check(job), "wants 3×28×28");
    job = lenetJob(20, 5, 1);
    job.split.train.push_back(20);
    VERIFY_ERROR(engine.check(job), "samples that the data set does not have");
    job = lenetJob(20, 5, 1);
    job.data.train =
        std::make_shared<ResidentStore>(std::vector<std::uint8_t>{}, std::vector<std::int64_t>{});
    VERIFY_ERROR(engine.check(job), "no samples to train with");
}

void TestLibTorchEngine::measureIsPlausible()
{
    const TrainingJob job = denseJob(320, 100, 4);
    const auto measured = LibTorchEngine().measure(job, {});
    VERIFY_OK(measured);
    QCOMPARE(measured->device, std::string("cpu"));
    QVERIFY(measured->secondsPerEpoch > 0);
    QVERIFY(measured->secondsInAll > 4 * measured->secondsPerEpoch);
}

void TestLibTorchEngine::measureTellsMemory()
{
    // 25 million parameters with Adam's two moments are 300 MB, the gradients of a step that is tried 100
    // more; with a copy of what an epoch keeps there are 600 MB. Twice, as what the heap keeps of the first
    // must not make the second smaller.
    TrainingJob job = denseJob(64, 10, 1);
    job.model = lowered(R"([{"kind": "flatten"}, {"kind": "linear", "name": "fc1", "features": 32000},
        {"kind": "linear", "name": "fc2", "features": "classes"}])",
                        {1, 28, 28}, 10);
    for (int i = 0; i < 2; ++i) {
        const auto measured = LibTorchEngine().measure(job, {});
        VERIFY_OK(measured);
        QVERIFY2(measured->peakBytes >= 4ull * 6 * 25'000'000 && measured->peakBytes <= 4ull * 9 * 25'000'000,
                 std::to_string(measured->peakBytes).c_str());
    }
}

void TestLibTorchEngine::measureCanBeStopped()
{
    std::stop_source stop;
    stop.request_stop();
    const auto measured = LibTorchEngine().measure(denseJob(320, 100, 4), stop.get_token());
    VERIFY_ERROR(measured, "stopped");
    QCOMPARE(measured.error().kind, ErrorKind::Cancelled);
}

void TestLibTorchEngine::zeroWeightsAnswerTheirBias()
{
    const TrainingJob job = denseJob(40, 30, 1);
    auto weights = zeroWeights(job.model);
    const std::vector<float> bias{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    const auto* bytes = reinterpret_cast<const std::byte*>(bias.data());
    weights.back().bytes = std::make_shared<Bytes>(bytes, bytes + 40);
    auto predictor = LibTorchEngine().open(job.model, job.preprocessing, weights, "cpu");
    VERIFY_OK(predictor);
    QCOMPARE((*predictor)->logits(job.data.test->samples().first(784), 1).value(), bias);

    const std::vector<std::int64_t> indices{0, 5, 9, 19, 29};
    const auto result = (*predictor)->evaluate(*job.data.test, indices, {});
    VERIFY_OK(result);
    double sum = 0;
    for (const float value : bias)
        sum += std::exp(static_cast<double>(value));
    double loss = 0;
    double correct = 0;
    for (const std::int64_t index : indices) {
        const auto label = static_cast<double>(job.data.test->labels()[static_cast<std::size_t>(index)]);
        loss += (std::log(sum) - label) / 5;
        correct += label == 9;
    }
    QVERIFY(std::abs(result->loss - loss) < 1e-5);
    QCOMPARE(result->accuracy, correct / 5);
    QCOMPARE(result->samples, std::int64_t{5});
}

void TestLibTorchEngine::logitsDoNotDependOnTheBatch()
{
    const TrainingJob job = lenetJob(1100, 10, 1);
    const auto weights = trained(job)->all<SnapshotReady>().back().snapshot->weights;
    auto predictor = must(LibTorchEngine().open(job.model, job.preprocessing, weights, "cpu"));
    const auto all = predictor->logits(job.data.train->samples(), 1100).value();
    QCOMPARE(all.size(), std::size_t{11000});
    for (const std::size_t i : {std::size_t{0}, std::size_t{499}, std::size_t{500}, std::size_t{1099}}) {
        const auto one = predictor->logits(job.data.train->samples().subspan(i * 784, 784), 1).value();
        for (std::size_t k = 0; k < 10; ++k)
            QVERIFY(std::abs(one[k] - all[i * 10 + k]) < 1e-4f);
    }
    QVERIFY(predictor->logits({}, 0).value().empty());
}

void TestLibTorchEngine::predictionRefusesWrongSizes()
{
    const TrainingJob job = denseJob(40, 30, 1);
    auto predictor = must(LibTorchEngine().open(job.model, job.preprocessing, zeroWeights(job.model), "cpu"));
    VERIFY_ERROR(predictor->logits(job.data.test->samples().first(783), 1),
                 "Found 783 bytes for 1 samples, wanted 784");
    const std::vector<std::int64_t> beyond{30};
    VERIFY_ERROR(predictor->evaluate(*job.data.test, beyond, {}), "beyond the 30 samples");
    const ResidentStore other(std::vector<std::uint8_t>(300), std::vector<std::int64_t>(1));
    const std::vector<std::int64_t> first{0};
    VERIFY_ERROR(predictor->evaluate(other, first, {}), "not of 1×28×28");
}

void TestLibTorchEngine::openRefusals()
{
    LibTorchEngine engine;
    const TrainingJob job = denseJob(40, 10, 1);
    const auto open = [&](const std::vector<NamedTensor>& tensors, const std::string& device = "cpu") {
        return engine.open(job.model, job.preprocessing, tensors, device);
    };
    const auto good = zeroWeights(job.model);
    VERIFY_OK(open(good));
    auto tensors = good;
    tensors.pop_back();
    VERIFY_ERROR(open(tensors), "no tensor 'fc2.bias'");
    tensors = good;
    tensors.push_back(zeros("fc3.weight", {1}));
    VERIFY_ERROR(open(tensors), "a tensor 'fc3.weight' that the model does not have");
    tensors = good;
    tensors[1] = zeros("fc1.bias", {17});
    VERIFY_ERROR(open(tensors), "'fc1.bias': found F32 17, wanted F32 16");
    tensors = good;
    tensors[1] = zeros("fc1.bias", {16}, DType::F64);
    VERIFY_ERROR(open(tensors), "found F64 16, wanted F32 16");
    tensors = good;
    tensors[1].bytes = std::make_shared<Bytes>(3);
    VERIFY_ERROR(open(tensors), "'fc1.bias'");
    tensors = good;
    tensors.push_back(good.front());
    VERIFY_ERROR(open(tensors), "twice");
    VERIFY_ERROR(open(good, "tpu"), "found 'tpu'");
}

void TestLibTorchEngine::evaluationCanBeStopped()
{
    const TrainingJob job = denseJob(40, 10, 1);
    auto predictor = must(LibTorchEngine().open(job.model, job.preprocessing, zeroWeights(job.model), "cpu"));
    std::stop_source stop;
    stop.request_stop();
    const std::vector<std::int64_t> first{0};
    QCOMPARE(predictor->evaluate(*job.data.test, first, stop.get_token()).error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestLibTorchEngine)
#include "tst_libtorchengine.moc"
