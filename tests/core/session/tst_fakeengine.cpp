// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/eventring.h"
#include "core/session/fakeengine.h"
#include "core/session/faketrainer.h"
#include "tests/support/samplejob.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// Every event up to Finished.
std::vector<Event> untilFinished(EventRing& ring)
{
    std::vector<Event> all;
    while (all.empty() || !std::holds_alternative<Finished>(all.back())) {
        for (Event& event : ring.take())
            all.push_back(std::move(event));
    }
    return all;
}

std::vector<Event> runOf(const FakeScript& script, const TrainingJob& job,
                         const std::vector<Command>& commands = {})
{
    FakeEngine engine(script);
    const auto ring = std::make_shared<EventRing>();
    const auto trainer = engine.createTrainer(job, ring);
    if (!trainer)
        return {};
    for (const Command& command : commands)
        (*trainer)->post(command);
    (*trainer)->post(Start{});
    return untilFinished(*ring);
}

template <class T>
std::vector<T> only(const std::vector<Event>& events)
{
    std::vector<T> all;
    for (const Event& event : events) {
        if (const auto* one = std::get_if<T>(&event))
            all.push_back(*one);
    }
    return all;
}

std::vector<std::uint8_t> sample(std::uint8_t value)
{
    return std::vector<std::uint8_t>(28 * 28, value);
}

} // namespace

class TestFakeEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWholeRun();
    void sameSeedSameRun();
    void stepsAreGathered();
    void learningRateIsHonoured();
    void otherSettingsAreRefusedByNotice();
    void nothingHappensBeforeStart();
    void predictsFromBytesAlone();
    void weightsMustFit();
    void stateDictComesBackInOrder();
    void scriptsAreStrict();
    void checkSaysWhatTheScriptSays();
};

void TestFakeEngine::aWholeRun()
{
    const std::vector<Event> events = runOf({}, sampleJob(3, 10));
    QVERIFY(std::holds_alternative<Started>(events.front()));
    const auto steps = only<StepsDone>(events);
    QCOMPARE(steps.size(), std::size_t{30});
    for (std::size_t i = 0; i < steps.size(); ++i) {
        QCOMPARE(steps[i].firstStep, static_cast<std::int64_t>(i + 1));
        QCOMPARE(steps[i].epoch, static_cast<std::int64_t>(i / 10 + 1));
        QVERIFY(steps[i].accuracies[0] >= 0 && steps[i].accuracies[0] <= 1);
    }
    const auto epochs = only<EpochDone>(events);
    QCOMPARE(epochs.size(), std::size_t{3});
    QVERIFY(epochs[2].trainLoss < epochs[1].trainLoss && epochs[1].trainLoss < epochs[0].trainLoss);
    QVERIFY(epochs[2].trainAccuracy > epochs[0].trainAccuracy);
    const auto snapshots = only<SnapshotReady>(events);
    QCOMPARE(snapshots.size(), std::size_t{3});
    QCOMPARE(snapshots[2].snapshot->weights.size(), std::size_t{10});
    const auto finished = only<Finished>(events);
    QCOMPARE(finished.size(), std::size_t{1});
    QVERIFY(finished[0].outcome == Outcome::Completed && finished[0].testLoss &&
            finished[0].lastTestAccuracy);
}

void TestFakeEngine::sameSeedSameRun()
{
    TrainingJob job = sampleJob();
    const auto lossesOf = [](const TrainingJob& one) { return only<StepsDone>(runOf({}, one)); };
    const auto first = lossesOf(job);
    QVERIFY(first == lossesOf(job));
    job.plan.seed = 2;
    QVERIFY(first != lossesOf(job));
}

void TestFakeEngine::stepsAreGathered()
{
    FakeScript script;
    script.stepsPerEvent = 4;
    const auto steps = only<StepsDone>(runOf(script, sampleJob(1, 10)));
    QCOMPARE(steps.size(), std::size_t{3}); // 4, 4, and 2 at the epoch's end
    QCOMPARE(steps[0].samples, std::int64_t{16});
    QCOMPARE(steps[2].losses.size(), std::size_t{2});
}

void TestFakeEngine::learningRateIsHonoured()
{
    const auto events = runOf({}, sampleJob(1, 10), {Change{"learning_rate", 0.5}});
    QVERIFY(only<SettingChanged>(events) == (std::vector{SettingChanged{"learning_rate", 0.5, 1}}));
    QCOMPARE(only<StepsDone>(events).front().learningRate, 0.5);
    const auto usual = runOf({}, sampleJob(1, 10));
    QVERIFY(only<EpochDone>(events)[0].trainLoss < only<EpochDone>(usual)[0].trainLoss);
}

void TestFakeEngine::otherSettingsAreRefusedByNotice()
{
    const auto events = runOf({}, sampleJob(1, 2), {Change{"seed", 5}});
    QVERIFY(only<SettingChanged>(events).empty());
    QCOMPARE(only<Notice>(events).size(), std::size_t{1});
}

void TestFakeEngine::nothingHappensBeforeStart()
{
    FakeEngine engine;
    const auto ring = std::make_shared<EventRing>();
    auto trainer = engine.createTrainer(sampleJob(), ring);
    VERIFY_OK(trainer);
    trainer->reset(); // joins without having begun
    QCOMPARE(ring->size(), std::size_t{0});
}

void TestFakeEngine::predictsFromBytesAlone()
{
    FakeEngine engine;
    const TrainingJob job = sampleJob();
    const auto weights = fakeWeights(job.model, 1, 5);
    const auto first = engine.open(job.model, job.preprocessing, weights, "cpu");
    const auto second = engine.open(job.model, job.preprocessing, fakeWeights(job.model, 1, 6), "cpu");
    VERIFY_OK(first);
    VERIFY_OK(second);
    const auto logits = (*first)->logits(sample(1), 1);
    VERIFY_OK(logits);
    QCOMPARE(logits->size(), std::size_t{10});
    QVERIFY(*logits == *(*first)->logits(sample(1), 1));
    QVERIFY(*logits != *(*first)->logits(sample(2), 1));
    QVERIFY(*logits != *(*second)->logits(sample(1), 1));
    VERIFY_ERROR((*first)->logits(sample(1), 2), "found 784 bytes, wanted 1568");

    const std::vector<std::int64_t> indices{0, 1, 2, 3};
    const auto evaluated = (*first)->evaluate(*job.data.test, indices, {});
    VERIFY_OK(evaluated);
    QCOMPARE(evaluated->samples, std::int64_t{4});
    QVERIFY(evaluated->loss > 0 && evaluated->accuracy <= 1);
    std::stop_source stopped;
    stopped.request_stop();
    VERIFY_ERROR((*first)->evaluate(*job.data.test, indices, stopped.get_token()), "cancelled");
}

void TestFakeEngine::weightsMustFit()
{
    FakeEngine engine;
    const TrainingJob job = sampleJob();
    auto weights = fakeWeights(job.model, 1, 5);
    const NamedTensor last = weights.back();
    weights.pop_back();
    VERIFY_ERROR(engine.open(job.model, job.preprocessing, weights, "cpu"), last.name + ": found nothing");
    weights.push_back(last);
    weights.back().name = "extra";
    VERIFY_ERROR(engine.open(job.model, job.preprocessing, weights, "cpu"), "extra: found a tensor");
    weights.back() = last;
    weights.back().shape.push_back(1);
    VERIFY_ERROR(engine.open(job.model, job.preprocessing, weights, "cpu"), "wanted 10");
    weights.back() = last;
    weights.back().type = DType::I32;
    VERIFY_ERROR(engine.open(job.model, job.preprocessing, weights, "cpu"), "found I32, wanted F32");
}

void TestFakeEngine::stateDictComesBackInOrder()
{
    FakeEngine engine;
    const auto weights = fakeWeights(sampleJob().model, 3, 1);
    const auto bytes = engine.toStateDict(weights);
    VERIFY_OK(bytes);
    const auto back = engine.fromStateDict(*bytes, "weights.pt");
    VERIFY_OK(back);
    QVERIFY(*back == weights);
    VERIFY_ERROR(engine.fromStateDict(std::span(*bytes).first(20), "weights.pt"), "weights.pt");
}

void TestFakeEngine::scriptsAreStrict()
{
    const auto script = fakeScriptFromJson(Json::parse(R"({"seconds_per_step": 0.5, "steps_per_event": 3,
        "nan_at_step": 7, "fail_at_step": 9, "failure": "gone", "validation_seconds": 2, "weight_bytes": 10,
        "create_fails": "no"})"));
    VERIFY_OK(script);
    QVERIFY(script->secondsPerStep == 0.5 && script->stepsPerEvent == 3 && script->nanAtStep == 7);
    QVERIFY(script->failAtStep == 9 && script->failure == "gone" && script->validationSeconds == 2);
    QVERIFY(script->weightBytes == 10 && script->createFails->message == "no" && !script->checkFails);
    VERIFY_ERROR(fakeScriptFromJson(Json::parse(R"({"nan_at_stepp": 7})")), "nan_at_step");
    const TemporaryFolder folder;
    writeFile(folder / "script.json", R"({"nan_at_step": 4})");
    const ScopedVariable file("TORCHDESK_FAKE_SCRIPT", (folder / "script.json").string());
    QVERIFY(fakeScriptFromEnvironment()->nanAtStep == 4);
    const ScopedVariable inlined("TORCHDESK_FAKE_SCRIPT", R"( {"nan_at_step": 5})");
    QVERIFY(fakeScriptFromEnvironment()->nanAtStep == 5);
    const ScopedVariable broken("TORCHDESK_FAKE_SCRIPT", "{");
    VERIFY_ERROR(fakeScriptFromEnvironment(), "TORCHDESK_FAKE_SCRIPT");
}

void TestFakeEngine::checkSaysWhatTheScriptSays()
{
    TrainingJob job = sampleJob();
    VERIFY_OK(FakeEngine().check(job));
    FakeScript script;
    script.checkFails = Error{ErrorKind::Device, "It does not fit.", {}};
    VERIFY_ERROR(FakeEngine(script).check(job), "It does not fit.");
    VERIFY_ERROR(FakeEngine(script).createTrainer(job, std::make_shared<EventRing>()), "It does not fit.");
    job.plan.device = "cuda:3";
    VERIFY_ERROR(FakeEngine().check(job), "device: found \"cuda:3\"");
    const auto measured = FakeEngine().measure(sampleJob(), {});
    VERIFY_OK(measured);
    std::stop_source stopped;
    stopped.request_stop();
    VERIFY_ERROR(FakeEngine().measure(sampleJob(), stopped.get_token()), "cancelled");
}

QTEST_APPLESS_MAIN(TestFakeEngine)
#include "tst_fakeengine.moc"
