// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"
#include "core/engine/dropoutmask.h"
#include "core/engine/eagerstep.h"
#include "core/engine/gathernormalise.h"
#include "core/engine/initialise.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

using Matrix = std::vector<std::vector<double>>;

/// Softmax of x·Wᵀ + b, by hand in double.
Matrix probabilities(const Matrix& x, const Matrix& w, const std::vector<double>& b)
{
    Matrix result;
    for (const auto& row : x) {
        std::vector<double> p;
        double sum = 0;
        for (std::size_t k = 0; k < w.size(); ++k) {
            double z = b[k];
            for (std::size_t j = 0; j < row.size(); ++j)
                z += row[j] * w[k][j];
            p.push_back(std::exp(z));
            sum += p.back();
        }
        for (double& value : p)
            value /= sum;
        result.push_back(p);
    }
    return result;
}

} // namespace

class TestNetwork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parametersAreThoseOfTheModel();
    void initialWeightsFollowSeedAndIndex();
    void initialWeightsHaveTheirDistribution();
    void logitsHaveOneColumnAClass();
    void unknownLayerIsAnError();
    void dropoutMaskIsPhiloxWordForWord();
    void dropoutOnlyWhileTraining();
    void gatherNormaliseEqualsTheReference();
    void batchIsGatheredByIndex();
    void eagerStepEqualsTheHandResult();
    void lossThatIsNotFiniteMovesNothing();
};

void TestNetwork::parametersAreThoseOfTheModel()
{
    const LoweredModel model = lenet();
    const auto network = Network::build(model, at::kCPU);
    VERIFY_OK(network);
    std::vector<std::string> names;
    std::int64_t count = 0;
    for (const NetworkParameter& parameter : network->parameters()) {
        names.push_back(parameter.spec.name);
        QCOMPARE(Shape(parameter.value.sizes().vec()), parameter.spec.shape);
        count += parameter.value.numel();
    }
    const std::vector<std::string> wanted{"conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias",
                                          "fc1.weight",   "fc1.bias",   "fc2.weight",   "fc2.bias",
                                          "fc3.weight",   "fc3.bias"};
    QCOMPARE(names, wanted);
    QCOMPARE(count, std::int64_t{44426});
    QCOMPARE(count, model.parameterCount());
}

void TestNetwork::initialWeightsFollowSeedAndIndex()
{
    auto network = Network::build(lenet(), at::kCPU).value();
    initialise(network, 7);
    const auto& conv2 = network.parameters()[2];
    Random random(7, Purpose::Initialisation, 0, 2);
    const double half = std::sqrt(6.0 / (6 * 25 + 16 * 25));
    const float* values = conv2.value.const_data_ptr<float>();
    for (int i = 0; i < 100; ++i)
        QCOMPARE(values[i], static_cast<float>((2.0 * static_cast<double>(random.uniform()) - 1.0) * half));
    QVERIFY(at::count_nonzero(network.parameters()[3].value).item<std::int64_t>() == 0); // Keras' bias
}

void TestNetwork::initialWeightsHaveTheirDistribution()
{
    std::vector<float> values(40000);
    const ParameterSpec kaiming{"w", {200, 200}, Initialisation::KaimingUniform, 25, 1};
    initialise(values, kaiming, 3, 0);
    const auto [least, most] = std::ranges::minmax(values);
    QVERIFY(least >= -0.2f && least < -0.199f && most <= 0.2f && most > 0.199f);
    const ParameterSpec ones{"g", {4}, Initialisation::Ones, 0, 0};
    std::vector<float> four(4);
    initialise(four, ones, 3, 0);
    QCOMPARE(four, (std::vector<float>{1, 1, 1, 1}));
}

void TestNetwork::logitsHaveOneColumnAClass()
{
    auto network = Network::build(lenet(), at::kCPU).value();
    initialise(network, 1);
    const at::Tensor logits = network.forward(at::zeros({3, 1, 28, 28}), Pass{});
    QCOMPARE(logits.sizes().vec(), (Shape{3, 10}));
}

void TestNetwork::unknownLayerIsAnError()
{
    LoweredModel model = lenet();
    model.nodes[1].kind = "teleport";
    VERIFY_ERROR(Network::build(model, at::kCPU), "'teleport', which the engine cannot compute");
}

void TestNetwork::dropoutMaskIsPhiloxWordForWord()
{
    const std::uint64_t step = 0x100000005;
    for (const double p : {0.5, 0.25, 0.1}) {
        std::vector<float> mask(203); // neither a whole block nor a whole group
        fillDropoutMask(mask, DropoutKey{42, step, 9}, p);
        Random random(42, Purpose::Dropout, step, 9);
        for (const float value : mask)
            QCOMPARE(value,
                     random.next() < std::llround(p * 0x1p32) ? 0.0f : static_cast<float>(1 / (1 - p)));
    }
    std::vector<float> many(100000);
    fillDropoutMask(many, DropoutKey{1, 1, 1}, 0.25);
    const auto dropped = static_cast<double>(std::ranges::count(many, 0.0f)) / 100000;
    QVERIFY(std::abs(dropped - 0.25) < 0.006); // four standard deviations
}

void TestNetwork::dropoutOnlyWhileTraining()
{
    const LoweredModel model =
        lowered(R"([{"kind": "flatten"}, {"kind": "dropout", "p": 0.5}])", {1, 2, 8}, 16);
    const auto network = Network::build(model, at::kCPU).value();
    const at::Tensor input = at::ones({4, 1, 2, 8});
    QVERIFY(at::equal(network.forward(input, Pass{}), at::ones({4, 16})));
    const at::Tensor dropped = network.forward(input, Pass{true, 5, 3});
    std::vector<float> mask(64);
    fillDropoutMask(mask, DropoutKey{5, 3, 2}, 0.5); // node 2 of the model
    QVERIFY(at::equal(dropped.flatten(), at::tensor(mask)));
    QVERIFY(!at::equal(dropped, network.forward(input, Pass{true, 5, 4})));
}

void TestNetwork::gatherNormaliseEqualsTheReference()
{
    Preprocessing preprocessing;
    preprocessing.shape = {3, 2, 5};
    preprocessing.mean = {0.485, 0.456, 0.406};
    preprocessing.deviation = {0.229, 0.224, 0.225};
    std::vector<std::uint8_t> samples(30 * 9);
    Random random(1, Purpose::DrawnDigits);
    for (std::uint8_t& byte : samples)
        byte = static_cast<std::uint8_t>(random.next());
    std::vector<float> reference(samples.size());
    normalise(preprocessing, samples, reference);

    const Normaliser normaliser(preprocessing, at::kCPU);
    const at::Tensor bytes = at::from_blob(samples.data(), {9, 3, 2, 5}, at::kByte);
    const at::Tensor indices = at::tensor(std::vector<std::int64_t>{8, 0, 3, 3});
    at::Tensor out = at::empty({4, 3, 2, 5});
    normaliser.gather(bytes, indices, out);
    const at::Tensor wanted =
        at::from_blob(reference.data(), {9, 3, 2, 5}, at::kFloat).index_select(0, indices);
    QVERIFY((out - wanted).abs().max().item<float>() < 1e-6f);
}

void TestNetwork::batchIsGatheredByIndex()
{
    auto store = std::make_shared<ResidentStore>(std::vector<std::uint8_t>{0, 51, 102, 153, 204, 255},
                                                 std::vector<std::int64_t>{2, 0, 1});
    Preprocessing preprocessing;
    preprocessing.shape = {1, 1, 2};
    BatchSource source(store, preprocessing, at::kCPU);
    const std::vector<std::int64_t> indices{2, 0};
    const Batch batch = source.gather(indexTensor(indices, at::kCPU));
    QVERIFY(at::allclose(batch.inputs.flatten(), at::tensor(std::vector<float>{0.8f, 1.0f, 0.0f, 0.2f})));
    QVERIFY(at::equal(batch.labels, at::tensor(std::vector<std::int64_t>{1, 2})));
}

void TestNetwork::eagerStepEqualsTheHandResult()
{
    const LoweredModel model =
        lowered(R"([{"kind": "flatten"}, {"kind": "linear", "name": "fc", "features": 2}])", {1, 1, 3}, 2);
    auto network = Network::build(model, at::kCPU).value();
    initialise(network, 11);
    Matrix w(2, std::vector<double>(3));
    const at::Tensor weight = network.parameters()[0].value;
    for (int k = 0; k < 2; ++k)
        for (int j = 0; j < 3; ++j)
            w[static_cast<std::size_t>(k)][static_cast<std::size_t>(j)] = weight[k][j].item<double>();
    const at::Tensor bias = network.parameters()[1].value;
    const std::vector<double> b{bias[0].item<double>(), bias[1].item<double>()};
    const Matrix x{{0.5, -1, 2}, {1, 0.25, 0}, {-1, 1, 1}};
    const std::vector<std::size_t> labels{1, 0, 1};

    TrainingPlan plan;
    plan.optimizer = "sgd";
    plan.momentum = 0;
    auto optimizer = makeOptimizer(plan, trainedParameters(plan, network.parameterTensors())).value();
    FigureLog figures(at::kCPU);
    EagerStep step(network, *optimizer, figures, plan);
    step.run({at::tensor(std::vector<float>{0.5f, -1, 2, 1, 0.25f, 0, -1, 1, 1}).view({3, 1, 1, 3}),
              at::tensor(std::vector<std::int64_t>{1, 0, 1})},
             1, 0.1);

    const Matrix p = probabilities(x, w, b);
    double loss = 0;
    int correct = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        loss -= std::log(p[i][labels[i]]) / 3;
        correct += p[i][labels[i]] > 0.5;
    }
    const std::vector<StepFigures> told = figures.take(true);
    QCOMPARE(told.size(), std::size_t{1});
    QVERIFY(std::abs(static_cast<double>(told[0].loss) - loss) < 1e-6);
    QCOMPARE(static_cast<int>(told[0].correct), correct);
    for (std::size_t k = 0; k < 2; ++k) {
        double biasGradient = 0;
        std::vector<double> gradient(3);
        for (std::size_t i = 0; i < 3; ++i) {
            const double error = (p[i][k] - (labels[i] == k)) / 3;
            biasGradient += error;
            for (std::size_t j = 0; j < 3; ++j)
                gradient[j] += error * x[i][j];
        }
        const auto row = static_cast<std::int64_t>(k);
        QVERIFY(std::abs(bias[row].item<double>() - (b[k] - 0.1 * biasGradient)) < 1e-6);
        for (std::size_t j = 0; j < 3; ++j)
            QVERIFY(std::abs(weight[row][static_cast<std::int64_t>(j)].item<double>() -
                             (w[k][j] - 0.1 * gradient[j])) < 1e-6);
    }
}

void TestNetwork::lossThatIsNotFiniteMovesNothing()
{
    const LoweredModel model = lowered(R"([{"kind": "batchnorm2d"}, {"kind": "flatten"},
                    {"kind": "linear", "name": "fc", "features": 2}])",
                                       {1, 1, 2}, 2);
    auto network = Network::build(model, at::kCPU).value();
    initialise(network, 1);
    TrainingPlan plan;
    auto optimizer = makeOptimizer(plan, trainedParameters(plan, network.parameterTensors())).value();
    FigureLog figures(at::kCPU);
    EagerStep step(network, *optimizer, figures, plan);
    const at::Tensor labels = at::zeros({1}, at::kLong);
    step.run({at::ones({1, 1, 1, 2}), labels}, 1, 0.1);
    const auto before = network.weights(); // the running mean and variance too
    const at::Tensor moment = optimizer->state(0)[0].second.clone();
    step.run({at::full({1, 1, 1, 2}, NAN), labels}, 2, 0.1);
    step.run({at::ones({1, 1, 1, 2}), labels}, 3, 0.1); // held back for good
    QVERIFY(network.weights() == before);
    QVERIFY(at::equal(optimizer->state(0)[0].second, moment));
    QCOMPARE(optimizer->steps(), std::int64_t{1});
    QVERIFY(std::isnan(figures.take(true).at(1).loss));
    QVERIFY(network.allFinite());
}

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
