// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/eagerstep.h"
#include "core/engine/initialise.h"
#include "core/engine/lanestep.h"
#include "core/engine/loss.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/engine/randomtrees.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// A job whose pictures no step looks at: the batches are made here.
TrainingJob jobOf(const LoweredModel& model, std::int64_t batch)
{
    TrainingJob job;
    job.model = model;
    job.plan.batchSize = batch;
    job.plan.seed = 11;
    job.split.train.resize(static_cast<std::size_t>(batch));
    return job;
}

Batch batchOf(const LoweredModel& model, std::int64_t count, std::uint64_t seed)
{
    std::vector<std::int64_t> sizes{count};
    sizes.insert(sizes.end(), model.input.begin(), model.input.end());
    Batch batch;
    batch.inputs = at::empty(sizes, at::kFloat);
    batch.labels = at::empty({count}, at::kLong);
    Random random(seed, Purpose::Verification, 1);
    auto* values = batch.inputs.mutable_data_ptr<float>();
    for (std::int64_t i = 0; i < batch.inputs.numel(); ++i)
        values[i] = static_cast<float>(random.normal());
    auto* labels = batch.labels.mutable_data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < count; ++i)
        labels[i] = random.below(static_cast<std::uint32_t>(model.classes));
    return batch;
}

/// A network with a step of either kind; equal seeds begin alike.
struct Training
{
    Training(const TrainingJob& theJob, int threads, const lane::Kernels* kernels,
             const at::Tensor& classWeights = {})
        : job(theJob), network(must(Network::build(job.model, at::kCPU)))
    {
        initialise(network, job.plan.seed);
        network.freeze(job.start ? job.start->frozenNodes : 0);
        optimizer = must(makeOptimizer(job.plan, trainedParameters(job.plan, network.parameterTensors())));
        if (kernels)
            step = must(LaneStep::make(job, network, *optimizer, figures, classWeights, threads, *kernels));
        else
            step = std::make_unique<EagerStep>(network, *optimizer, figures, job.plan, classWeights);
    }

    StepFigures run(const Batch& batch, std::int64_t number, double rate, bool update = true)
    {
        step->run(batch, number, rate, update);
        return figures.take(true).front();
    }

    TrainingJob job;
    Network network;
    FigureLog figures{at::kCPU};
    std::unique_ptr<Optimizer> optimizer;
    std::unique_ptr<TrainStep> step;
};

std::vector<const lane::Kernels*> everyKernel()
{
    std::vector<const lane::Kernels*> all;
    for (const int most : {4, 8, 16})
        if (all.empty() || all.back() != &lane::kernelsHere(most))
            all.push_back(&lane::kernelsHere(most));
    return all;
}

/// The gradients of a network in double by LibTorch's autograd.
std::vector<at::Tensor> gradientsInDouble(const TrainingJob& job, const Batch& batch, std::int64_t step,
                                          double& loss)
{
    const Network network = must(Network::build(job.model, at::kCPU));
    initialise(const_cast<Network&>(network), job.plan.seed);
    std::vector<at::Tensor> parameters;
    for (const NetworkParameter& parameter : network.parameters()) {
        at::Tensor value = parameter.value;
        value.set_data(value.detach().to(at::kDouble));
        if (parameter.trained())
            parameters.push_back(value);
    }
    const at::Tensor logits = network.forward(batch.inputs.to(at::kDouble), Pass{true, job.plan.seed, step});
    const at::Tensor value = Loss(job.plan.augmentation.labelSmoothing, {})(logits, batch);
    loss = value.item<double>();
    value.backward();
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& parameter : parameters)
        gradients.push_back(parameter.grad());
    return gradients;
}

QByteArray told(const std::string& what, double figure)
{
    return QByteArray::fromStdString(what) + ": " + QByteArray::number(figure, 'g', 6);
}

} // namespace

/// The step by lanes against LibTorch: in double for one step, beside the eager step for many.
class TestLaneStep : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gradientsOfRandomTrees_data();
    void gradientsOfRandomTrees();
    void manyStepsOfRandomTrees_data();
    void manyStepsOfRandomTrees();
    void recipes_data();
    void recipes();
    void partialBatches();
    void heldAfterABrokenLoss_data();
    void heldAfterABrokenLoss();
    void frozenLayers();
    void logitsAsTheNetwork();
    void refusals();
};

void TestLaneStep::gradientsOfRandomTrees_data()
{
    QTest::addColumn<int>("first");
    for (int first = 0; first < 120; first += 20)
        QTest::addRow("trees %d to %d", first, first + 19) << first;
}

void TestLaneStep::gradientsOfRandomTrees()
{
    QFETCH(int, first);
    for (int seed = first; seed < first + 20; ++seed) {
        const std::int64_t count = 1 + seed * 7 % 37;
        TrainingJob job = jobOf(randomTree(static_cast<std::uint64_t>(seed)), count);
        job.plan.optimizer = "sgd";
        job.plan.momentum = 0;
        job.plan.augmentation.labelSmoothing = seed % 3 == 0 ? 0.1 : 0;
        const Batch batch = batchOf(job.model, count, static_cast<std::uint64_t>(seed));
        double loss = 0;
        const auto wanted = gradientsInDouble(job, batch, 5, loss);
        for (const lane::Kernels* kernels : everyKernel()) {
            Training training(job, 1 + seed % 3, kernels);
            std::vector<at::Tensor> before;
            for (const at::Tensor& parameter : training.network.parameterTensors())
                before.push_back(parameter.detach().clone());
            const StepFigures figures = training.run(batch, 5, 1.0);
            const std::string what = "tree " + std::to_string(seed) + ", " + kernels->name;
            QVERIFY2(std::abs(static_cast<double>(figures.loss) - loss) < 1e-5 * std::max(1.0, loss),
                     told(what + ": loss is off by", static_cast<double>(figures.loss) - loss));
            const auto after = training.network.parameterTensors();
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                const at::Tensor found = before[i].to(at::kDouble) - after[i].detach().to(at::kDouble);
                const double off = (found - wanted[i]).abs().max().item<double>();
                const double size = wanted[i].abs().max().item<double>();
                QVERIFY2(off <= 2e-4 * size + 1e-5,
                         told(what + ": gradient " + std::to_string(i) + " of size " + std::to_string(size) +
                                  " is off by",
                              off));
            }
        }
    }
}

void TestLaneStep::manyStepsOfRandomTrees_data()
{
    QTest::addColumn<QString>("optimizer");
    QTest::newRow("sgd") << "sgd";
    QTest::newRow("adam") << "adam";
}

/// Over many steps rounding grows, more so with Adam, which moves small gradients as far as large ones.
void TestLaneStep::manyStepsOfRandomTrees()
{
    QFETCH(QString, optimizer);
    for (std::uint64_t seed = 200; seed < 206; ++seed) {
        TrainingJob job = jobOf(randomTree(seed), 19);
        job.plan.optimizer = optimizer.toStdString();
        Training lanes(job, 2, &lane::kernelsHere());
        Training eager(job, 1, nullptr);
        for (int step = 1; step <= 100; ++step) {
            const Batch batch = batchOf(job.model, 19, static_cast<std::uint64_t>(step));
            const double ours = lanes.run(batch, step, 1e-3).loss;
            const double theirs = eager.run(batch, step, 1e-3).loss;
            QVERIFY2(
                std::abs(ours - theirs) < 2e-3 * std::max(1.0, theirs),
                told("tree " + std::to_string(seed) + ", step " + std::to_string(step) + ": loss is off by",
                     ours - theirs));
        }
    }
}

void TestLaneStep::recipes_data()
{
    QTest::addColumn<QString>("optimizer");
    QTest::addColumn<double>("momentum");
    QTest::addColumn<bool>("nesterov");
    QTest::addColumn<double>("decay");
    QTest::addColumn<double>("clip");
    QTest::addColumn<bool>("mixed");
    QTest::addColumn<bool>("weighted");
    QTest::newRow("sgd") << "sgd" << 0.0 << false << 0.0 << 0.0 << false << false;
    QTest::newRow("momentum and decay") << "sgd" << 0.9 << false << 1e-2 << 0.0 << false << false;
    QTest::newRow("nesterov") << "sgd" << 0.9 << true << 0.0 << 0.0 << false << false;
    QTest::newRow("adam with decay") << "adam" << 0.0 << false << 1e-2 << 0.0 << false << false;
    QTest::newRow("adamw") << "adamw" << 0.0 << false << 1e-1 << 0.0 << false << false;
    QTest::newRow("clipped") << "sgd" << 0.9 << false << 0.0 << 0.05 << false << false;
    QTest::newRow("mixed batches") << "adam" << 0.0 << false << 0.0 << 0.0 << true << false;
    QTest::newRow("class weights") << "sgd" << 0.9 << false << 0.0 << 0.0 << true << true;
}

/// Every second step only gathers gradients, so that accumulation is in all of them.
void TestLaneStep::recipes()
{
    QFETCH(QString, optimizer);
    QFETCH(double, momentum);
    QFETCH(bool, nesterov);
    QFETCH(double, decay);
    QFETCH(double, clip);
    QFETCH(bool, mixed);
    QFETCH(bool, weighted);
    TrainingJob job = jobOf(lenet(), 33);
    job.plan.optimizer = optimizer.toStdString();
    job.plan.momentum = momentum;
    job.plan.weightDecay = decay;
    job.plan.recipe.nesterov = nesterov;
    job.plan.recipe.decayOn = "weights";
    job.plan.recipe.clipNorm = clip;
    job.plan.augmentation.labelSmoothing = weighted ? 0.1 : 0;
    const at::Tensor weights = weighted ? at::linspace(0.2, 2, 10) : at::Tensor();
    Training lanes(job, 2, &lane::kernelsHere(), weights);
    Training eager(job, 1, nullptr, weights);
    for (int step = 1; step <= 20; ++step) {
        Batch batch = batchOf(job.model, step % 2 ? 33 : 20, static_cast<std::uint64_t>(step));
        if (mixed) {
            batch.otherLabels = batch.labels.flip(0).contiguous();
            batch.share = 0.7;
        }
        const StepFigures ours = lanes.run(batch, step, 1e-2, step % 2 == 0);
        const StepFigures theirs = eager.run(batch, step, 1e-2, step % 2 == 0);
        QVERIFY2(std::abs(ours.loss - theirs.loss) < 1e-3f,
                 told("step " + std::to_string(step) + ": loss is off by",
                      static_cast<double>(ours.loss - theirs.loss)));
        if (step == 1)
            QCOMPARE(ours.correct, theirs.correct);
    }
    QCOMPARE(lanes.optimizer->steps(), eager.optimizer->steps());
}

/// A batch of any size, and one that leaves threads without work.
void TestLaneStep::partialBatches()
{
    TrainingJob job = jobOf(lenet(), 50);
    Training lanes(job, 3, &lane::kernelsHere());
    Training eager(job, 1, nullptr);
    int step = 0;
    for (const std::int64_t count : {50, 1, 16, 17, 48, 3}) {
        const Batch batch = batchOf(job.model, count, static_cast<std::uint64_t>(count));
        ++step;
        const StepFigures ours = lanes.run(batch, step, 1e-3);
        const StepFigures theirs = eager.run(batch, step, 1e-3);
        QVERIFY2(std::abs(ours.loss - theirs.loss) < 1e-4f,
                 told(std::to_string(count) + " samples", static_cast<double>(ours.loss - theirs.loss)));
    }
}

void TestLaneStep::heldAfterABrokenLoss_data()
{
    QTest::addColumn<QString>("layers");
    for (const char* kind : {"relu", "leakyrelu", "relu6", "tanh", "sigmoid"})
        QTest::newRow(kind) << QString(R"({"kind": "%1"})").arg(kind);
    QTest::newRow("pool") << R"({"kind": "relu"}, {"kind": "maxpool2d", "kernel": 2})";
    QTest::newRow("normalised")
        << R"({"kind": "batchnorm2d"}, {"kind": "relu"}, {"kind": "maxpool2d", "kernel": 2})";
}

/// No layer hides what is not a number.
void TestLaneStep::heldAfterABrokenLoss()
{
    QFETCH(QString, layers);
    TrainingJob job =
        jobOf(lowered(R"([{"kind": "conv2d", "filters": 3, "kernel": 3}, )" + layers.toStdString() +
                          R"(, {"kind": "flatten"}, {"kind": "linear", "features": "classes"}])",
                      {2, 8, 8}, 3),
              8);
    Training lanes(job, 2, &lane::kernelsHere());
    const auto before = lanes.network.weights();
    Batch broken = batchOf(job.model, 8, 1);
    broken.inputs.mul_(NAN);
    QVERIFY(!std::isfinite(lanes.run(broken, 1, 0.1).loss));
    lanes.run(batchOf(job.model, 8, 2), 2, 0.1);
    QVERIFY(lanes.network.weights() == before);
    QCOMPARE(lanes.optimizer->steps(), std::int64_t{0});
}

/// The first layers keep their weights and running figures, and the normalisation there uses them.
void TestLaneStep::frozenLayers()
{
    const LoweredModel model = lowered(
        R"([{"kind": "conv2d", "filters": 3, "kernel": 3, "padding": 1}, {"kind": "batchnorm2d"}, {"kind": "relu"},
            {"kind": "maxpool2d", "kernel": 2}, {"kind": "dropout", "p": 0.2},
            {"kind": "conv2d", "filters": 4, "kernel": 3}, {"kind": "batchnorm2d"}, {"kind": "relu"},
            {"kind": "flatten"}, {"kind": "linear", "features": "classes"}])",
        {2, 8, 8}, 3);
    for (const int frozen : {1, 3, 6, 8}) { // up to: the input, the normalisation, dropout, another one
        TrainingJob job = jobOf(model, 20);
        StartingPoint start;
        start.frozenNodes = frozen;
        job.start = std::make_shared<const StartingPoint>(start);
        Training lanes(job, 2, &lane::kernelsHere());
        Training eager(job, 1, nullptr);
        const auto before = lanes.network.weights();
        for (int step = 1; step <= 10; ++step) {
            const Batch batch = batchOf(model, 20, static_cast<std::uint64_t>(step));
            const double ours = lanes.run(batch, step, 1e-2).loss;
            const double theirs = eager.run(batch, step, 1e-2).loss;
            QVERIFY2(std::abs(ours - theirs) < 1e-3,
                     told(std::to_string(frozen) + " frozen, step " + std::to_string(step), ours - theirs));
        }
        const auto after = lanes.network.weights();
        for (std::size_t i = 0; i < after.size(); ++i)
            QCOMPARE(after[i] == before[i], lanes.network.parameters()[i].node < frozen);
    }
}

/// More samples than a batch of the training has, of a network with running figures.
void TestLaneStep::logitsAsTheNetwork()
{
    for (std::uint64_t seed = 300; seed < 306; ++seed) {
        TrainingJob job = jobOf(randomTree(seed), 10);
        Training lanes(job, 2, &lane::kernelsHere());
        lanes.run(batchOf(job.model, 10, seed), 1, 1e-2);
        const Batch batch = batchOf(job.model, 37, seed + 1);
        const at::Tensor found = lanes.step->logits(batch);
        const at::Tensor wanted = lanes.network.forward(batch.inputs, Pass{}).detach();
        const double off = (found - wanted).abs().max().item<double>();
        QVERIFY2(off < 1e-4 * std::max(1.0, wanted.abs().max().item<double>()),
                 told("tree " + std::to_string(seed), off));
        auto alone = must(LaneForward::make(job.model, lanes.network, 2));
        const double difference = (alone->logits(batch) - found).abs().max().item<double>();
        QVERIFY2(difference < 1e-5 * std::max(1.0, wanted.abs().max().item<double>()),
                 told("tree " + std::to_string(seed) + " alone", difference));
    }
}

void TestLaneStep::refusals()
{
    const auto reasonFor = [](TrainingJob job) {
        Network network = must(Network::build(job.model, at::kCPU));
        FigureLog figures(at::kCPU);
        auto optimizer =
            must(makeOptimizer(job.plan, trainedParameters(job.plan, network.parameterTensors())));
        const auto step = LaneStep::make(job, network, *optimizer, figures, {}, 1);
        return step ? std::string() : step.error().message;
    };
    TrainingJob job = jobOf(lenet(), 4);
    QCOMPARE(reasonFor(job), std::string());
    job.plan.optimizer = "rmsprop";
    QVERIFY(reasonFor(job).find("RMSprop") != std::string::npos);
    job.plan.optimizer = "adam";
    job.model =
        lowered(R"([{"kind": "conv2d", "name": "wide", "filters": 2, "kernel": 11}, {"kind": "flatten"},
        {"kind": "linear", "features": "classes"}])",
                {1, 16, 16}, 3);
    QVERIFY(reasonFor(job).find("'wide' has a kernel or stride above 7") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestLaneStep)
#include "tst_lanestep.moc"
