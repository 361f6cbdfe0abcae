// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/processorfeatures.h"
#include "core/engine/trainingsetup.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/support/testsupport.h"

#include <algorithm>
#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

std::vector<float> lossesWith(TrainingJob job, const std::string& step, std::string* name = nullptr)
{
    job.plan.recipe.step = step;
    const auto sink = trained(job);
    if (name)
        *name = sink->all<Started>().front().step;
    return sink->losses();
}

bool isTried(const Started& started, const std::string& step)
{
    return std::ranges::any_of(
        started.tried, [&](const StepTried& tried) { return tried.step == step && tried.seconds > 0; });
}

} // namespace

/// Which step does the work, and that trying them leaves no trace.
class TestStepChoice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wholeTrainingsAgree();
    void choosingLeavesNoTrace();
    void theChoiceIsSaid();
    void allowedIsNotWanted();
    void whoIsInAHurryGetsTheReference();
    void lanesThatCannotAreRefused();
    void absurdRatesStillDiverge();
};

/// LeNet with dropout, three epochs, the last batch of each a part of one.
void TestStepChoice::wholeTrainingsAgree()
{
    TrainingJob job = lenetJob(300, 50, 3);
    std::string eagerName;
    std::string laneName;
    const auto eager = lossesWith(job, "eager", &eagerName);
    const auto lanes = lossesWith(job, "lane", &laneName);
    QCOMPARE(eagerName, std::string("eager"));
    QVERIFY2(laneName.starts_with("lane ("), laneName.c_str());
    QCOMPARE(lanes.size(), eager.size());
    for (std::size_t i = 0; i < eager.size(); ++i)
        QVERIFY2(std::abs(lanes[i] - eager[i]) < 1e-3f, std::to_string(lanes[i] - eager[i]).c_str());
}

/// A network with running figures and moments: trying must not move them.
void TestStepChoice::choosingLeavesNoTrace()
{
    TrainingJob job = lenetJob(100, 20, 1);
    job.model =
        lowered(R"([{"kind": "conv2d", "name": "conv", "filters": 3, "kernel": 3}, {"kind": "batchnorm2d"},
        {"kind": "relu"}, {"kind": "flatten"}, {"kind": "linear", "features": "classes"}])",
                {1, 28, 28}, 10);
    job.plan.recipe.step = "eager";
    const auto plain = must(TrainingSetup::make(job));
    job.plan.recipe.step = "auto";
    const auto chosen = must(TrainingSetup::make(job));
    QVERIFY(!chosen->choice.why.empty());
    QVERIFY(chosen->network.weights() == plain->network.weights());
    QCOMPARE(chosen->optimizer->steps(), std::int64_t{0});
    for (std::size_t i = 0; i < chosen->network.parameterTensors().size(); ++i)
        for (const auto& [name, moment] : chosen->optimizer->state(i))
            QVERIFY2(moment.count_nonzero().item<std::int64_t>() == 0, name.c_str());
}

void TestStepChoice::theChoiceIsSaid()
{
    TrainingJob job = lenetJob(60, 0, 1);
    job.plan.recipe.step = "auto";
    const auto sink = trained(job);
    const auto notices = sink->all<Notice>();
    QVERIFY(std::ranges::any_of(notices, [](const Notice& notice) {
        return notice.message.starts_with("Steps: ") && notice.message.find("LibTorch") != std::string::npos;
    }));
    // The first event, and so run.json, has what was tried, and one of these does the work.
    const Started started = sink->all<Started>().front();
    QVERIFY(isTried(started, "eager") && isTried(started, "eager (channels last)"));
    QCOMPARE(started.tried.size(), std::size_t{3});
    QVERIFY2(isTried(started, started.step), started.step.c_str());
}

/// A plan that allows bf16 has fp32 tried beside it; one that wants LibTorch gets what it says.
void TestStepChoice::allowedIsNotWanted()
{
    TrainingJob job = lenetJob(60, 0, 1);
    job.plan.recipe.precision = "bf16";
    job.plan.recipe.step = "auto";
    const auto chosen = must(TrainingSetup::make(job));
    const bool fast = hasFastBf16();
    QCOMPARE(chosen->choice.tried.size(), fast ? std::size_t{5} : std::size_t{3});
    const auto tried = [&](const char* step) {
        return std::ranges::any_of(chosen->choice.tried, [=](const auto& each) { return each.step == step; });
    };
    QVERIFY(tried("eager"));
    QCOMPARE(tried("eager (bf16, channels last)"), fast);
    job.plan.recipe.step = "eager";
    QCOMPARE(must(TrainingSetup::make(job))->step().name(), std::string("eager (bf16)"));
}

/// A stop before the first step is not kept waiting by steps that are tried.
void TestStepChoice::whoIsInAHurryGetsTheReference()
{
    TrainingJob job = lenetJob(60, 0, 1);
    job.plan.recipe.step = "auto";
    const auto setup = must(TrainingSetup::make(job, [] { return true; }));
    QCOMPARE(setup->step().name(), std::string("eager"));
    QCOMPARE(setup->choice.tried.size(), std::size_t{1});
}

void TestStepChoice::lanesThatCannotAreRefused()
{
    TrainingJob job = lenetJob(60, 0, 1);
    job.plan.optimizer = "rmsprop";
    job.plan.recipe.step = "lane";
    const auto setup = TrainingSetup::make(job);
    QVERIFY(!setup);
    QCOMPARE(
        setup.error().message,
        std::string(
            "The step by lanes cannot do this plan: it does not know RMSprop. Set step to auto or eager"));
    job.plan.recipe.step = "auto";
    const auto other = must(TrainingSetup::make(job));
    QVERIFY2(other->step().name().starts_with("eager"), other->step().name().c_str());
}

/// A rate that breaks the second step must break it in the training, not while steps are tried.
void TestStepChoice::absurdRatesStillDiverge()
{
    for (const char* step : {"eager", "lane", "auto"}) {
        TrainingJob job = denseJob(200, 0, 3);
        job.plan.optimizer = "sgd";
        job.plan.learningRate = 1e30;
        job.plan.recipe.step = step;
        const auto sink = trained(job);
        QCOMPARE(sink->all<Finished>().front().outcome, Outcome::Diverged);
        QVERIFY(std::isfinite(sink->losses().front()));
    }
}

QTEST_GUILESS_MAIN(TestStepChoice)
#include "tst_stepchoice.moc"
