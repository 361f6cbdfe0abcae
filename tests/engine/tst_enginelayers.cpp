// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/initialise.h"
#include "core/engine/libtorchengine.h"
#include "core/engine/network.h"
#include "core/model/catalogue.h"
#include "core/model/layers.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/support/testsupport.h"

#include <numeric>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

Network networkOf(const std::string& body, const Shape& input, std::int64_t classes)
{
    return must(Network::build(lowered(body, input, classes), at::kCPU));
}

/// 0, 1, 2 … as batch × channels × rows × columns.
at::Tensor counting(const std::vector<std::int64_t>& sizes)
{
    const auto count = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
    return at::arange(count, at::kFloat).reshape(sizes);
}

std::vector<float> valuesOf(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.contiguous().flatten();
    return {flat.const_data_ptr<float>(), flat.const_data_ptr<float>() + flat.numel()};
}

} // namespace

/// What layers compute, against figures worked out by hand.
class TestEngineLayers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindCanBeComputed();
    void averagesOfWindows();
    void subsampleTakesEverySecondAndAddsZeros();
    void sumsAndBranches();
    void groupsSeeTheirOwnChannels();
    void batchNormFollowsTheBatch();
    void runningFiguresAreKeptWithTheWeights();
    void normalInitialWeights();
    void everyShippedModelIsBuilt_data();
    void everyShippedModelIsBuilt();
};

void TestEngineLayers::everyKindCanBeComputed()
{
    for (const LayerSpec& spec : layerSpecs())
        QVERIFY2(findLayerMaker(spec.kind), spec.kind.c_str());
}

void TestEngineLayers::averagesOfWindows()
{
    const Network windows =
        networkOf(R"([{"kind":"avgpool2d","kernel":2},{"kind":"flatten"}])", {1, 2, 4}, 2);
    QCOMPARE(valuesOf(windows.forward(counting({1, 1, 2, 4}), Pass{})), (std::vector<float>{2.5f, 4.5f}));
    const Network whole = networkOf(R"([{"kind":"adaptiveavgpool2d"},{"kind":"flatten"}])", {2, 2, 2}, 2);
    QCOMPARE(valuesOf(whole.forward(counting({1, 2, 2, 2}), Pass{})), (std::vector<float>{1.5f, 5.5f}));
}

void TestEngineLayers::subsampleTakesEverySecondAndAddsZeros()
{
    const Network network =
        networkOf(R"([{"kind":"subsample","stride":2,"channels":4},{"kind":"flatten"}])", {1, 3, 3}, 16);
    // One channel of zeros before and two behind.
    const std::vector<float> wanted = {0, 0, 0, 0, 0, 2, 6, 8, 0, 0, 0, 0, 0, 0, 0, 0};
    QCOMPARE(valuesOf(network.forward(counting({1, 1, 3, 3}), Pass{})), wanted);
}

void TestEngineLayers::sumsAndBranches()
{
    const Network sum = networkOf(
        R"([{"kind":"residual","body":{"kind":"maxpool2d","kernel":1}},{"kind":"flatten"}])", {1, 1, 3}, 3);
    QCOMPARE(valuesOf(sum.forward(counting({1, 1, 1, 3}), Pass{})), (std::vector<float>{0, 2, 4}));
    const Network branches = networkOf(
        R"([{"kind":"concat","branches":[{"kind":"maxpool2d","kernel":1},{"kind":"maxpool2d","kernel":[1,3],
            "stride":1,"padding":[0,1]}]},{"kind":"flatten"}])",
        {1, 1, 3}, 6);
    QCOMPARE(valuesOf(branches.forward(counting({1, 1, 1, 3}), Pass{})),
             (std::vector<float>{0, 1, 2, 1, 2, 2}));
}

void TestEngineLayers::groupsSeeTheirOwnChannels()
{
    Network network = networkOf(
        R"([{"kind":"conv2d","name":"c","filters":2,"kernel":1,"groups":2,"bias":false},{"kind":"flatten"}])",
        {2, 1, 1}, 2);
    QCOMPARE(network.parameters()[0].spec.shape, (Shape{2, 1, 1, 1}));
    {
        c10::NoGradGuard noGrad;
        at::Tensor(network.parameters()[0].value).copy_(at::tensor({3.0f, 10.0f}).reshape({2, 1, 1, 1}));
    }
    QCOMPARE(valuesOf(network.forward(at::tensor({1.0f, 2.0f}).reshape({1, 2, 1, 1}), Pass{})),
             (std::vector<float>{3, 20}));
}

void TestEngineLayers::batchNormFollowsTheBatch()
{
    Network network = networkOf(R"([{"kind":"batchnorm2d","name":"bn"},{"kind":"flatten"}])", {1, 1, 1}, 1);
    initialise(network, 1);
    QCOMPARE(network.parameterTensors().size(),
             std::size_t{2}); // weight and bias; the others are no one's to train
    const at::Tensor batch = at::tensor({1.0f, 3.0f}).reshape({2, 1, 1, 1});
    // Nothing learned: mean 0 and variance 1 as they began.
    QVERIFY(at::allclose(network.forward(batch, Pass{}).flatten(), at::tensor({1.0f, 3.0f}), 1e-5, 1e-5));
    // Of the batch: mean 2, variance 1; what runs along takes a tenth of mean and of the unbiased variance 2.
    QVERIFY(at::allclose(network.forward(batch, Pass{true, 1, 1}).flatten(), at::tensor({-1.0f, 1.0f}), 1e-5,
                         1e-4));
    QCOMPARE(valuesOf(network.parameters()[2].value), std::vector<float>{0.2f});
    QVERIFY(std::abs(valuesOf(network.parameters()[3].value)[0] - 1.1f) < 1e-6f);
    // One value has no variance: nothing moves.
    QVERIFY(at::isfinite(network.forward(batch.slice(0, 0, 1), Pass{true, 1, 2})).all().item<bool>());
    QVERIFY(std::abs(valuesOf(network.parameters()[3].value)[0] - 1.1f) < 1e-6f);
}

// A trained network with running figures answers from its weights as it did in the run, but for rounding:
// either may have been asked by lanes.
void TestEngineLayers::runningFiguresAreKeptWithTheWeights()
{
    const std::string body = R"([{"kind":"sequential","name":"features","layers":[
        {"kind":"conv2d","filters":4,"kernel":5,"stride":2,"bias":false},{"kind":"batchnorm2d"},{"kind":"relu"}]},
        {"kind":"flatten"},{"kind":"linear","name":"fc","features":"classes"}])";
    TrainingJob job = denseJob(320, 50, 2);
    job.model = lowered(body, {1, 28, 28}, 10);
    const auto sink = trained(job);
    const Finished finished = sink->all<Finished>().front();
    QCOMPARE(finished.outcome, Outcome::Completed);
    const auto last = sink->all<SnapshotReady>().back().snapshot;
    QVERIFY(std::ranges::any_of(last->weights,
                                [](const NamedTensor& one) { return one.name == "features.1.running_var"; }));
    QVERIFY(std::ranges::none_of(last->optimizer, [](const NamedTensor& one) {
        return one.name.find("running") != std::string::npos;
    }));
    auto predictor = must(LibTorchEngine().open(job.model, job.preprocessing, last->weights, "cpu"));
    std::vector<std::int64_t> all(static_cast<std::size_t>(job.data.test->count()));
    std::iota(all.begin(), all.end(), std::int64_t{0});
    const Evaluation again = predictor->evaluate(*job.data.test, all, {}).value();
    QVERIFY(std::abs(again.loss - finished.lastTestLoss.value()) < 1e-5);
    QCOMPARE(again.accuracy, finished.lastTestAccuracy.value());
}

void TestEngineLayers::normalInitialWeights()
{
    const auto deviation = [](Initialisation how) {
        std::vector<float> values(40'000);
        initialise(values, ParameterSpec{"w", {200, 200}, how, 9, 50}, 3, 0);
        const double squares = std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
        return std::sqrt(squares / static_cast<double>(values.size()));
    };
    QVERIFY(std::abs(deviation(Initialisation::KaimingNormal) - 0.2) < 0.003); // √(2/50)
    QVERIFY(std::abs(deviation(Initialisation::FanInNormal) - std::sqrt(2.0 / 9)) < 0.007);
    QVERIFY(std::abs(deviation(Initialisation::SmallNormal) - 0.01) < 0.00015);
}

void TestEngineLayers::everyShippedModelIsBuilt_data()
{
    QTest::addColumn<int>("side");
    for (const ModelFile& file : modelCatalogue())
        QTest::newRow(file.name.c_str()) << static_cast<int>(std::min<std::int64_t>(file.input[1], 64));
}

void TestEngineLayers::everyShippedModelIsBuilt()
{
    QFETCH(int, side);
    const ModelFile file = must(findModel(QTest::currentDataTag()));
    const LoweredModel model = must(lower(file, {file.input[0], side, side}, 7));
    Network network = must(Network::build(model, at::kCPU));
    initialise(network, 1);
    QVERIFY(network.allFinite());
    const at::Tensor logits = network.forward(at::rand({2, file.input[0], side, side}), Pass{});
    QCOMPARE(logits.sizes().vec(), (Shape{2, 7}));
    QVERIFY(at::isfinite(logits).all().item<bool>());
}

QTEST_GUILESS_MAIN(TestEngineLayers)
#include "tst_enginelayers.moc"
