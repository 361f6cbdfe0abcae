// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/philox.h"
#include "core/data/classbalance.h"
#include "core/engine/initialise.h"
#include "core/engine/network.h"
#include "core/export/pythonmodel.h"
#include "core/formats/safetensors.h"
#include "core/plan/learningrate.h"
#include "core/plan/options.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/interop/interoppython.h"

#include <algorithm>
#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

constexpr std::int64_t epochs = 3;
constexpr std::int64_t steps = 8; // of an epoch

TrainingPlan schedulePlan(const std::string& kind)
{
    TrainingPlan plan;
    plan.epochs = 12;
    plan.learningRate = 0.1;
    plan.schedule.kind = kind;
    plan.schedule.stepEvery = "4";
    plan.schedule.milestones = "50%, 9";
    plan.schedule.factor = kind == "multistep" ? 0.2 : 0.1;
    plan.schedule.decay = 0.9;
    plan.schedule.power = 2;
    return plan;
}

/// A small convolutional network on 256 drawn digits, 8 batches of 32 an epoch.
TrainingJob recipeJob()
{
    TrainingJob job = denseJob(steps * 32, 0, epochs);
    job.model = lowered(R"([{"kind": "conv2d", "name": "conv1", "filters": 8, "kernel": 5, "stride": 2},
        {"kind": "batchnorm2d", "name": "norm1"}, {"kind": "relu"}, {"kind": "maxpool2d", "kernel": 2},
        {"kind": "conv2d", "name": "conv2", "filters": 16, "kernel": 3}, {"kind": "relu"}, {"kind": "flatten"},
        {"kind": "linear", "name": "fc", "features": "classes"}])",
                        {1, 28, 28}, 10);
    job.plan.validationShare = 0;
    job.split = must(makeSplit(job.plan, steps * 32));
    job.plan.schedule.kind = "step";
    job.plan.schedule.stepEvery = "1";
    return job;
}

/// The weights before the first step: they follow from the seed.
std::vector<NamedTensor> firstWeights(const TrainingJob& job)
{
    Network network = must(Network::build(job.model, at::kCPU));
    initialise(network, job.plan.seed);
    return network.weights();
}

/// Digits other than 0, 3 and 6 become a 1: one large class, three of a tenth, six without samples.
void makeUneven(TrainingJob& job)
{
    const auto samples = job.data.train->samples();
    const auto labels = job.data.train->labels();
    std::vector<std::int64_t> changed(labels.begin(), labels.end());
    for (std::int64_t& label : changed)
        label = label % 3 == 0 && label < 9 ? label : 1;
    job.data.train = std::make_shared<ResidentStore>(
        std::vector<std::uint8_t>(samples.begin(), samples.end()), std::move(changed));
}

std::vector<std::int64_t> orderOf(const TrainingJob& job, std::uint64_t epoch)
{
    return job.plan.recipe.classBalance == "sampling"
               ? balancedOrder(job.data.train->labels(), job.split.train, 10, job.plan.seed, epoch)
               : permutation(steps * 32, Random(job.plan.seed, Purpose::Order, epoch));
}

Json recipeJson(const TrainingJob& job)
{
    Json order = Json::array();
    for (std::int64_t epoch = 1; epoch <= epochs; ++epoch)
        order.push_back(orderOf(job, static_cast<std::uint64_t>(epoch)));
    const auto labels = job.data.train->labels();
    return Json{{"labels", std::vector<std::int64_t>(labels.begin(), labels.end())},
                {"order", order},
                {"batch", job.plan.batchSize},
                {"optimizer", job.plan.optimizer},
                {"rate", job.plan.learningRate},
                {"momentum", job.plan.momentum},
                {"decay", job.plan.weightDecay},
                {"decay_weights_only", job.plan.recipe.decayOn == "weights"},
                {"nesterov", job.plan.recipe.nesterov},
                {"clip", job.plan.recipe.clipNorm},
                {"class_weights", job.plan.recipe.classBalance == "weights"},
                {"label_smoothing", job.plan.augmentation.labelSmoothing},
                {"accumulation", job.plan.recipe.accumulation},
                {"step", 1}};
}

} // namespace

/// Training recipes against PyTorch's own: equal weights, samples and order must give equal losses.
class TestRecipes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void schedulesArePyTorchs();
    void lossesArePyTorchs_data();
    void lossesArePyTorchs();
};

void TestRecipes::schedulesArePyTorchs()
{
    const CliResult result = runScript("schedules.py", {});
    QVERIFY2(result.code == 0, result.err.c_str());
    const Json wanted = lastLine(result);
    for (const char* name : {"step", "multistep", "exponential", "cosine", "polynomial", "onecycle",
                             "warm-up", "warm-up cosine"}) {
        const std::string word = name;
        TrainingPlan plan = schedulePlan(word == "warm-up"          ? "step"
                                         : word == "warm-up cosine" ? "cosine"
                                                                    : word);
        plan.schedule.least = word == "cosine" ? 0.001 : 0;
        plan.schedule.warmUp = word.starts_with("warm-up") ? "2" : "0";
        const auto rates = wanted[word].get<std::vector<double>>();
        QCOMPARE(rates.size(), std::size_t{60});
        for (std::int64_t step = 1; step <= 60; ++step) {
            const double found = scheduledRate(plan, 5, step);
            const double rate = rates[static_cast<std::size_t>(step - 1)];
            QVERIFY2(std::abs(found - rate) <= 1e-12, (word + " at step " + std::to_string(step)).c_str());
        }
    }
    TrainingPlan plan = schedulePlan("plateau");
    plan.schedule.factor = 0.5;
    plan.schedule.patience = 1;
    plan.schedule.least = 0.02;
    LearningRate rate(plan, 5);
    for (std::size_t epoch = 0; epoch < 12; ++epoch) {
        QVERIFY(std::abs(rate.at(1) - wanted["plateau"][epoch].get<double>()) <= 1e-12);
        (void)rate.finishEpoch(wanted["losses"][epoch].get<double>(), false, 1);
    }
}

void TestRecipes::lossesArePyTorchs_data()
{
    QTest::addColumn<QString>("settings");
    QTest::newRow("sgd") << "optimizer=sgd learning_rate=0.05 weight_decay=0.001";
    QTest::newRow("nesterov") << "optimizer=sgd learning_rate=0.05 nesterov=true weight_decay=0.001";
    QTest::newRow("no decay on biases")
        << "optimizer=sgd learning_rate=0.05 weight_decay=0.1 weight_decay_on=weights";
    QTest::newRow("adam") << "optimizer=adam learning_rate=0.002 weight_decay=0.001";
    QTest::newRow("adamw") << "optimizer=adamw learning_rate=0.002 weight_decay=0.1";
    QTest::newRow("rmsprop") << "optimizer=rmsprop learning_rate=0.0005 momentum=0.5";
    QTest::newRow("clipping") << "optimizer=sgd learning_rate=0.05 clip_norm=0.5";
    QTest::newRow("accumulation") << "optimizer=sgd learning_rate=0.05 accumulation=4";
    QTest::newRow("class weights") << "optimizer=sgd learning_rate=0.05 class_balance=weights";
    QTest::newRow("class weights, smoothed")
        << "optimizer=adam learning_rate=0.002 class_balance=weights label_smoothing=0.1";
    QTest::newRow("balanced sampling") << "optimizer=sgd learning_rate=0.05 class_balance=sampling";
}

void TestRecipes::lossesArePyTorchs()
{
    QFETCH(QString, settings);
    TrainingJob job = recipeJob();
    for (const QString& setting : settings.split(' '))
        VERIFY_OK(applySetting(job.plan, setting.toStdString()));
    if (job.plan.recipe.classBalance != "none")
        makeUneven(job);
    const auto losses = trained(job)->losses();
    QCOMPARE(losses.size(), static_cast<std::size_t>(epochs * steps));

    const TemporaryFolder folder;
    const auto text = pythonModel(job.model);
    VERIFY_OK(text);
    writeFile(folder / "model.py", *text);
    VERIFY_OK(writeAtomically(folder / "weights.safetensors",
                              std::span<const std::byte>(writeSafetensors(firstWeights(job)))));
    const auto bytes = job.data.train->samples();
    writeFile(folder / "samples.bin", std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    writeFile(folder / "recipe.json", recipeJson(job).dump());
    const CliResult result = runScript("train_recipe.py", {QString(folder.path().c_str())});
    QVERIFY2(result.code == 0, result.err.c_str());
    const auto wanted = lastLine(result).get<std::vector<double>>();
    QCOMPARE(wanted.size(), losses.size());
    double largest = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(losses[i]) - wanted[i]));
    qInfo("largest difference of %zu losses: %g", losses.size(), largest);
    QVERIFY2(largest <= 1e-4, std::to_string(largest).c_str());
}

int main(int argc, char** argv)
{
    TestRecipes test;
    return runInterop(argc, argv, test);
}

#include "tst_recipes.moc"
