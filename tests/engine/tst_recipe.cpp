// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/eagerstep.h"
#include "core/engine/initialise.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/support/testsupport.h"

#include <ATen/autocast_mode.h>
#include <algorithm>
#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// A small convolutional network with running figures.
LoweredModel smallNet()
{
    return lowered(
        R"([{"kind": "conv2d", "name": "conv", "filters": 4, "kernel": 3}, {"kind": "batchnorm2d", "name": "norm"},
        {"kind": "relu"}, {"kind": "maxpool2d", "kernel": 2}, {"kind": "flatten"},
        {"kind": "linear", "name": "fc", "features": "classes"}])",
        {1, 8, 8}, 3);
}

Batch batchOf(std::int64_t first, std::int64_t count)
{
    const at::Tensor all = at::arange(12 * 64, at::kFloat).mul(0.37).sin().view({12, 1, 8, 8});
    const at::Tensor labels = at::arange(12, at::kLong).remainder(3);
    return {all.slice(0, first, first + count).contiguous(),
            labels.slice(0, first, first + count).contiguous()};
}

/// A network without running figures: with them, batches of another size are another network.
LoweredModel plainNet()
{
    return lowered(R"([{"kind": "conv2d", "name": "conv", "filters": 4, "kernel": 3}, {"kind": "relu"},
        {"kind": "flatten"}, {"kind": "linear", "name": "fc", "features": "classes"}])",
                   {1, 8, 8}, 3);
}

/// A network with its step on the processor.
struct Stepping
{
    Stepping(const LoweredModel& model, const TrainingPlan& plan)
        : network(must(Network::build(model, at::kCPU)))
    {
        initialise(network, 1);
        optimizer = must(makeOptimizer(plan, trainedParameters(plan, network.parameterTensors())));
        step = std::make_unique<EagerStep>(network, *optimizer, figures, plan);
    }

    double distanceTo(const Stepping& other) const
    {
        double largest = 0;
        for (std::size_t i = 0; i < network.parameters().size(); ++i)
            largest = std::max(largest, (network.parameters()[i].value.detach() -
                                         other.network.parameters()[i].value.detach())
                                            .abs()
                                            .max()
                                            .item<double>());
        return largest;
    }

    Network network;
    FigureLog figures{at::kCPU};
    std::unique_ptr<Optimizer> optimizer;
    std::unique_ptr<EagerStep> step;
};

TrainingPlan sgd()
{
    TrainingPlan plan;
    plan.optimizer = "sgd";
    plan.learningRate = 0.1;
    return plan;
}

} // namespace

class TestRecipe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void accumulatedBatchesAreOneLargeBatch();
    void accumulationHoldsBackABrokenGroup();
    void clippedGradientsHaveTheNorm();
    void bf16IsNearFp32();
    void channelsLastIsTheSame();
    void scheduleIsToldAndUsed();
    void perStepRatesAreTold();
    void accumulationCountsTheLastGroup();
    void earlyStoppingEndsTheRun();
    void bestByLoss();
    void bestByMeanF1();
    void testTellsConfusionAndTop5();
    void tf32OnTheProcessorIsSaid();
};

/// Unequal parts too: the mean is over samples.
void TestRecipe::accumulatedBatchesAreOneLargeBatch()
{
    Stepping whole(plainNet(), sgd());
    Stepping parts(plainNet(), sgd());
    for (int group = 1; group <= 2; ++group) {
        whole.step->run(batchOf(0, 12), group, 0.1);
        parts.step->run(batchOf(0, 5), group, 0.1, false);
        parts.step->run(batchOf(5, 5), group, 0.1, false);
        QCOMPARE(parts.optimizer->steps(), std::int64_t{group - 1});
        parts.step->run(batchOf(10, 2), group, 0.1, true);
    }
    QVERIFY2(parts.distanceTo(whole) < 1e-6, std::to_string(parts.distanceTo(whole)).c_str());
    QCOMPARE(parts.figures.take(true).size(), std::size_t{6});
}

void TestRecipe::accumulationHoldsBackABrokenGroup()
{
    Stepping still(plainNet(), sgd());
    Stepping parts(plainNet(), sgd());
    Batch broken = batchOf(0, 4);
    broken.inputs = at::full_like(broken.inputs, NAN);
    parts.step->run(broken, 1, 0.1, false);
    parts.step->run(batchOf(4, 4), 2, 0.1, true);
    QCOMPARE(parts.distanceTo(still), 0.0);
}

/// Without momentum the weights move by rate × gradient, so their way tells the gradient's norm.
void TestRecipe::clippedGradientsHaveTheNorm()
{
    const auto way = [](double clip) {
        TrainingPlan plan = sgd();
        plan.momentum = 0;
        plan.recipe.clipNorm = clip;
        Stepping moved(plainNet(), plan);
        const Stepping before(plainNet(), plan);
        moved.step->run(batchOf(0, 12), 1, 1.0);
        double sum = 0;
        for (std::size_t i = 0; i < moved.network.parameters().size(); ++i)
            sum +=
                (moved.network.parameters()[i].value.detach() - before.network.parameters()[i].value.detach())
                    .square()
                    .sum()
                    .item<double>();
        return std::sqrt(sum);
    };
    const double whole = way(0);
    QVERIFY(whole > 0.1);
    QVERIFY(std::abs(way(0.05) - 0.05) < 1e-5);
    QVERIFY(std::abs(way(100) - whole) < 1e-6); // what is shorter stays
}

void TestRecipe::bf16IsNearFp32()
{
    TrainingPlan plan = sgd();
    Stepping fp32(smallNet(), plan);
    plan.recipe.precision = "bf16";
    Stepping bf16(smallNet(), plan);
    for (int step = 1; step <= 5; ++step) {
        fp32.step->run(batchOf(0, 12), step, 0.05);
        bf16.step->run(batchOf(0, 12), step, 0.05);
    }
    const auto wanted = fp32.figures.take(true);
    const auto found = bf16.figures.take(true);
    QVERIFY(found.back().loss < found.front().loss); // weights that went stale would not learn
    double difference = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        difference = std::max(difference, std::abs(static_cast<double>(wanted[i].loss - found[i].loss)));
    QVERIFY2(difference > 0 && difference < 0.03, std::to_string(difference).c_str());
    for (const NetworkParameter& parameter : bf16.network.parameters())
        QCOMPARE(parameter.value.scalar_type(), at::kFloat);
    QVERIFY(!at::autocast::is_autocast_enabled(at::kCPU));
}

void TestRecipe::channelsLastIsTheSame()
{
    TrainingPlan plan = sgd();
    Stepping usual(smallNet(), plan);
    plan.recipe.channelsLast = true;
    Stepping last(smallNet(), plan);
    for (int step = 1; step <= 5; ++step) {
        usual.step->run(batchOf(0, 12), step, 0.05);
        last.step->run(batchOf(0, 12), step, 0.05);
    }
    QVERIFY2(last.distanceTo(usual) < 1e-5, std::to_string(last.distanceTo(usual)).c_str());
}

void TestRecipe::scheduleIsToldAndUsed()
{
    TrainingJob job = denseJob(100, 0, 3); // 3 steps an epoch
    job.plan.schedule.kind = "step";
    job.plan.schedule.stepEvery = "1";
    const auto sink = trained(job);
    for (const StepsDone& steps : sink->all<StepsDone>())
        QVERIFY(std::abs(steps.learningRate - 0.001 * std::pow(0.1, steps.epoch - 1)) < 1e-12);
    QVERIFY(std::abs(sink->all<EpochDone>().back().learningRate - 1e-5) < 1e-12);
    job.plan.schedule.kind = "constant";
    const auto constant = trained(job)->losses();
    const auto found = sink->losses();
    QVERIFY(std::equal(found.begin(), found.begin() + 3, constant.begin()));
    QVERIFY(found.back() != constant.back());
}

void TestRecipe::perStepRatesAreTold()
{
    TrainingJob job = denseJob(100, 0, 2);
    job.plan.schedule.warmUp = "1";
    std::vector<double> rates;
    for (const StepsDone& steps : trained(job)->all<StepsDone>())
        rates.insert(rates.end(), steps.losses.size(), steps.learningRate);
    QCOMPARE(rates.size(), std::size_t{6});
    QVERIFY(std::abs(rates[0] - 0.001 / 3) < 1e-12 && std::abs(rates[1] - 0.002 / 3) < 1e-12);
    QCOMPARE(rates[2], 0.001);
    QCOMPARE(rates[5], 0.001);
}

void TestRecipe::accumulationCountsTheLastGroup()
{
    TrainingJob job = denseJob(100, 0, 2); // 3 batches an epoch: groups of 2 and 1
    job.plan.recipe.accumulation = 2;
    const auto sink = trained(job);
    QCOMPARE(sink->losses().size(), std::size_t{6});
    QCOMPARE(sink->all<SnapshotReady>().back().snapshot->state["optimizer_steps"].get<int>(), 4);
}

void TestRecipe::earlyStoppingEndsTheRun()
{
    TrainingJob job = denseJob(100, 20, 50);
    job.plan.learningRate = 1e-30; // nothing changes, so the first epoch stays the best
    job.plan.recipe.earlyStopping = 3;
    const auto sink = trained(job);
    QCOMPARE(sink->all<EpochDone>().size(), std::size_t{4});
    const Finished finished = sink->all<Finished>().front();
    QCOMPARE(finished.outcome, Outcome::Completed);
    QCOMPARE(finished.bestEpoch, std::int64_t{1});
    QVERIFY(finished.testAccuracy);
    QVERIFY(sink->all<Notice>().back().message.starts_with("Stopped early after epoch 4"));
}

void TestRecipe::bestByLoss()
{
    TrainingJob job = denseJob(300, 0, 6);
    job.plan.recipe.bestBy = "loss";
    const auto rows = trained(job)->all<EpochDone>();
    double least = INFINITY;
    for (const EpochDone& row : rows) {
        QCOMPARE(row.best, *row.validationLoss < least);
        least = std::min(least, *row.validationLoss);
    }
}

void TestRecipe::bestByMeanF1()
{
    TrainingJob job = denseJob(300, 0, 6);
    QVERIFY(!trained(job)->all<EpochDone>().front().validationF1);
    job.plan.recipe.bestBy = "f1";
    double most = -1;
    for (const EpochDone& row : trained(job)->all<EpochDone>()) {
        QVERIFY(row.validationF1 && *row.validationF1 > 0 && *row.validationF1 <= 1);
        QCOMPARE(row.best, *row.validationF1 > most);
        most = std::max(most, *row.validationF1);
    }
}

void TestRecipe::testTellsConfusionAndTop5()
{
    const auto sink = trained(denseJob(300, 60, 2));
    const Finished finished = sink->all<Finished>().front();
    QVERIFY(finished.confusion);
    QCOMPARE(finished.confusion->classes(), std::int64_t{10});
    QCOMPARE(finished.confusion->samples(), std::int64_t{60});
    QCOMPARE(finished.confusion->support(0), std::int64_t{6}); // drawn digits come in turn
    QCOMPARE(finished.confusion->accuracy().value(), finished.testAccuracy.value());
    QVERIFY(*finished.testTop5 >= *finished.testAccuracy && *finished.testTop5 > 0.5);
    QVERIFY(sink->all<EpochDone>().front().validationTop5);
}

void TestRecipe::tf32OnTheProcessorIsSaid()
{
    TrainingJob job = denseJob(40, 0, 1);
    const auto plain = trained(job)->losses();
    job.plan.recipe.precision = "tf32";
    const auto sink = trained(job);
    QVERIFY(std::ranges::any_of(sink->all<Notice>(), [](const Notice& notice) {
        return notice.message.find("TF32 exists on NVIDIA cards only") != std::string::npos;
    }));
    QCOMPARE(sink->losses(), plain);
}

QTEST_GUILESS_MAIN(TestRecipe)
#include "tst_recipe.moc"
