// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/libtorchengine.h"
#include "tests/engine/enginetestsupport.h"
#include "tests/support/testsupport.h"

#include <cmath>
#include <numeric>
#include <utility>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

template <class T>
bool holds(const std::vector<Event>& events)
{
    return std::ranges::any_of(events, [](const Event& event) { return std::holds_alternative<T>(event); });
}

std::int64_t stepsIn(const std::vector<Event>& events)
{
    std::int64_t last = 0;
    for (const Event& event : events)
        if (const auto* steps = std::get_if<StepsDone>(&event))
            last = steps->lastStep();
    return last;
}

bool inState(const std::vector<Event>& events, StateChanged::State state)
{
    return std::ranges::any_of(events,
                               [&](const Event& event) { return event == Event(StateChanged{state}); });
}

double mean(std::span<const float> values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The weights of the snapshot answer the test part as the run said.
Evaluation evaluated(const TrainingJob& job, const std::vector<NamedTensor>& weights)
{
    auto predictor = must(LibTorchEngine().open(job.model, job.preprocessing, weights, "cpu"));
    std::vector<std::int64_t> all(static_cast<std::size_t>(job.data.test->count()));
    std::iota(all.begin(), all.end(), std::int64_t{0});
    return predictor->evaluate(*job.data.test, all, {}).value();
}

/// Long enough that it is still running whenever a test wants something of it.
TrainingJob endlessJob()
{
    return denseJob(320, 20, 100000);
}

} // namespace

class TestTrainer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lenetLearns();
    void eventsTellTheWholeRun();
    void lastPartialBatchIsKept();
    void twoRunsAreIdentical();
    void otherSeedIsAnotherRun();
    void bestAndLastWeightsAreTested();
    void withoutValidationTheLastIsBest();
    void nanStopsAndKeepsTheWeights();
    void brokenWeightsGiveWayToTheBest();
    void nanWithBrokenWeightsKeepsNone();
    void outOfMemoryIsAFailure();
    void pauseAndResume();
    void pauseDuringValidation();
    void stopDuringTheTest();
    void stopNowKeepsTheWeights();
    void stopAfterTheEpoch();
    void stopWhilePaused();
    void stopWithBrokenWeightsKeepsNone();
    void stopBeforeStart();
    void learningRateChanges();
    void changesThatCannotBeAreSaid();
    void snapshotOnDemand();
    void destructorStops();
};

void TestTrainer::lenetLearns()
{
    const TrainingJob job = lenetJob(2000, 200, 3);
    const auto sink = trained(job);
    const auto losses = sink->losses();
    QVERIFY(mean(std::span(losses).first(5)) > 2.0);
    QVERIFY(mean(std::span(losses).last(5)) < 1.5);
    const auto epochs = sink->all<EpochDone>();
    QCOMPARE(epochs.size(), std::size_t{3});
    QVERIFY(epochs.back().trainLoss < epochs.front().trainLoss);
    QVERIFY(sink->all<Finished>().front().testAccuracy.value() > 0.6);
}

void TestTrainer::eventsTellTheWholeRun()
{
    const TrainingJob job = denseJob(100, 30, 2); // 90 train, 10 validate, 3 steps an epoch
    const auto sink = trained(job);
    const std::vector<Event> events = sink->events();
    const auto* started = std::get_if<Started>(&events.front());
    QVERIFY(started);
    QCOMPARE(started->device, std::string("cpu"));
    QVERIFY2(started->step == "eager" || started->step.starts_with("lane"), started->step.c_str());
    QCOMPARE(started->threads, std::int64_t{1});
    QCOMPARE(started->stepsPerEpoch, std::int64_t{3});
    QCOMPARE(started->trainSamples, std::int64_t{90});
    QCOMPARE(started->validationSamples, std::int64_t{10});
    QCOMPARE(started->testSamples, std::int64_t{30});

    std::int64_t step = 0;
    for (const StepsDone& steps : sink->all<StepsDone>()) {
        QCOMPARE(steps.firstStep, step + 1);
        QCOMPARE(steps.accuracies.size(), steps.losses.size());
        QCOMPARE(steps.seconds.size(), steps.losses.size());
        step = steps.lastStep();
    }
    QCOMPARE(step, std::int64_t{6});
    const auto epochs = sink->all<EpochDone>();
    QCOMPARE(epochs.size(), std::size_t{2});
    QCOMPARE(epochs[1].lastStep, std::int64_t{6});
    QVERIFY(epochs[1].validationLoss && epochs[1].validationAccuracy);
    QVERIFY(epochs[1].trainSeconds > 0);
    QVERIFY(inState(events, StateChanged::State::Validating) &&
            inState(events, StateChanged::State::Testing));
    const auto snapshots = sink->all<SnapshotReady>();
    QCOMPARE(snapshots.size(), std::size_t{2});
    QCOMPARE(snapshots[1].snapshot->step, std::int64_t{6});
    QCOMPARE(snapshots[1].snapshot->weights.size(), std::size_t{4});
    QCOMPARE(snapshots[1].snapshot->optimizer.front().name, std::string("fc1.weight.exp_avg"));
    QCOMPARE(snapshots[1].snapshot->state["optimizer_steps"].get<int>(), 6);
    const Finished finished = std::get<Finished>(events.back());
    QCOMPARE(finished.outcome, Outcome::Completed);
    QCOMPARE(finished.lastStep, std::int64_t{6});
    QCOMPARE(sink->all<Finished>().size(), std::size_t{1});
}

void TestTrainer::lastPartialBatchIsKept()
{
    TrainingJob job = denseJob(100, 10, 1);
    job.plan.validationShare = 0;
    job.split = must(makeSplit(job.plan, 100)); // 32 + 32 + 32 + 4
    const auto sink = trained(job);
    std::int64_t samples = 0;
    std::vector<double> losses;
    for (const StepsDone& steps : sink->all<StepsDone>()) {
        samples += steps.samples;
        losses.insert(losses.end(), steps.losses.begin(), steps.losses.end());
    }
    QCOMPARE(samples, std::int64_t{100});
    QCOMPARE(losses.size(), std::size_t{4});
    const double wanted = (32 * (losses[0] + losses[1] + losses[2]) + 4 * losses[3]) / 100;
    QVERIFY(std::abs(sink->all<EpochDone>().front().trainLoss - wanted) < 1e-9);
}

void TestTrainer::twoRunsAreIdentical()
{
    TrainingJob job = lenetJob(300, 50, 2);
    job.plan.threads = 2;
    const auto first = trained(job);
    const auto second = trained(job);
    QCOMPARE(first->losses(), second->losses());
    QVERIFY(first->all<SnapshotReady>().back().snapshot->weights ==
            second->all<SnapshotReady>().back().snapshot->weights);
    QCOMPARE(first->all<Finished>(), second->all<Finished>());
}

void TestTrainer::otherSeedIsAnotherRun()
{
    TrainingJob job = denseJob(100, 10, 1);
    const auto first = trained(job);
    job.plan.seed = 2;
    QVERIFY(first->losses() != trained(job)->losses());
}

void TestTrainer::bestAndLastWeightsAreTested()
{
    TrainingJob job = denseJob(300, 100, 6);
    job.plan.optimizer = "sgd"; // so coarse that the last epoch is hardly ever the best
    job.plan.learningRate = 0.5;
    const auto sink = trained(job);
    const Finished finished = sink->all<Finished>().front();
    QCOMPARE(finished.outcome, Outcome::Completed);
    std::shared_ptr<const Snapshot> best;
    for (const SnapshotReady& ready : sink->all<SnapshotReady>())
        if (ready.snapshot->best)
            best = ready.snapshot;
    QVERIFY(best);
    QCOMPARE(best->epoch, finished.bestEpoch);
    const Evaluation ofBest = evaluated(job, best->weights);
    const Evaluation ofLast = evaluated(job, sink->all<SnapshotReady>().back().snapshot->weights);
    QVERIFY(std::abs(ofBest.loss - finished.testLoss.value()) < 1e-5);
    QCOMPARE(ofBest.accuracy, finished.testAccuracy.value());
    QVERIFY(std::abs(ofLast.loss - finished.lastTestLoss.value()) < 1e-5);
    QCOMPARE(ofLast.accuracy, finished.lastTestAccuracy.value());
}

void TestTrainer::withoutValidationTheLastIsBest()
{
    TrainingJob job = denseJob(64, 10, 3);
    job.plan.validationShare = 0;
    job.split = must(makeSplit(job.plan, 64));
    const auto sink = trained(job);
    QVERIFY(!sink->all<EpochDone>().back().validationLoss);
    QCOMPARE(sink->all<Finished>().front().bestEpoch, std::int64_t{3});
}

void TestTrainer::nanStopsAndKeepsTheWeights()
{
    TrainingJob job = denseJob(320, 20, 50);
    job.plan.optimizer = "sgd";
    job.plan.learningRate = 1e30;
    const auto sink = trained(job);
    const Finished finished = sink->all<Finished>().front();
    QCOMPARE(finished.outcome, Outcome::Diverged);
    QCOMPARE(sink->losses().size(), static_cast<std::size_t>(finished.lastStep));
    QVERIFY(!std::isfinite(sink->losses().back()));
    const std::string step = "Stopped at step " + std::to_string(finished.lastStep) + ": the loss is ";
    QVERIFY2(finished.message.find(step) != std::string::npos, finished.message.c_str());
    QVERIFY2(finished.message.ends_with("The weights before that step are kept."), finished.message.c_str());
    QCOMPARE(sink->all<SnapshotReady>().back().snapshot->step, finished.lastStep - 1);
}

// Each epoch is one step here. The rate is raised after the first epoch, until a step breaks the weights:
// their epoch is no best one and is not saved.
void TestTrainer::brokenWeightsGiveWayToTheBest()
{
    TrainingJob job = denseJob(32, 20, 1000);
    job.plan.optimizer = "sgd";
    job.plan.weightDecay = 10; // at a rate of 100 each step multiplies the weights by -999
    auto sink = std::make_shared<CollectingSink>();
    Trainer* running = nullptr;
    sink->onPut = [&](const Event& event) {
        if (const auto* epoch = std::get_if<EpochDone>(&event); epoch && epoch->epoch == 1)
            running->post(Change{"learning_rate", 100});
    };
    const auto trainer = must(LibTorchEngine().createTrainer(job, sink));
    running = trainer.get();
    trainer->post(Start{});
    QVERIFY(sink->waitForFinished());
    const Finished finished = sink->all<Finished>().front();
    QCOMPARE(finished.outcome, Outcome::Diverged);
    const auto snapshots = sink->all<SnapshotReady>();
    for (const SnapshotReady& ready : snapshots)
        VERIFY_OK(LibTorchEngine().open(job.model, job.preprocessing, ready.snapshot->weights, "cpu"));
    const std::string kept =
        "The weights of the best epoch " + std::to_string(finished.bestEpoch) + " are kept.";
    QVERIFY2(finished.message.ends_with(kept), finished.message.c_str());
    QCOMPARE(snapshots.back().snapshot->epoch, finished.bestEpoch);
    QVERIFY(std::isfinite(evaluated(job, snapshots.back().snapshot->weights).loss));
}

void TestTrainer::nanWithBrokenWeightsKeepsNone()
{
    TrainingJob job = denseJob(32, 20, 5); // one step an epoch
    job.plan.optimizer = "sgd";
    job.plan.learningRate = 1e39; // beyond float: the first step breaks the weights
    const auto sink = trained(job);
    const Finished finished = sink->all<Finished>().front();
    QCOMPARE(finished.outcome, Outcome::Diverged);
    QCOMPARE(finished.lastStep, std::int64_t{1});
    QVERIFY2(
        finished.message.starts_with("Stopped at step 1: the weights or the validation loss are no longer "
                                     "finite. No weights could be kept"),
        finished.message.c_str());
    QVERIFY(sink->all<SnapshotReady>().empty());
}

void TestTrainer::outOfMemoryIsAFailure()
{
    TrainingJob job = denseJob(32, 20, 1);
    // A layer whose weights no machine can hold; check() would have refused it, so it is planted afterwards.
    for (LoweredNode& node : job.model.nodes)
        if (node.name == "fc1")
            node.parameters[0].shape = {std::int64_t{1} << 50, 784};
    const auto made = LibTorchEngine().createTrainer(job, std::make_shared<CollectingSink>());
    VERIFY_ERROR(made, "Choose a smaller model");
    QCOMPARE(made.error().kind, ErrorKind::OutOfMemory);
}

void TestTrainer::pauseDuringValidation()
{
    auto sink = std::make_shared<CollectingSink>();
    Trainer* running = nullptr;
    bool asked = false;
    sink->onPut = [&](const Event& event) {
        if (event == Event(StateChanged{StateChanged::State::Validating}) && !std::exchange(asked, true))
            running->post(Pause{});
    };
    const auto trainer = must(LibTorchEngine().createTrainer(endlessJob(), sink));
    running = trainer.get();
    trainer->post(Start{});
    QVERIFY(sink->waitUntil([](const auto& events) { return inState(events, StateChanged::State::Paused); }));
    QCOMPARE(stepsIn(sink->events()), std::int64_t{9}); // between the first and the second epoch
    trainer->post(Stop{});
    QVERIFY(sink->waitForFinished());
}

void TestTrainer::stopDuringTheTest()
{
    auto sink = std::make_shared<CollectingSink>();
    Trainer* running = nullptr;
    sink->onPut = [&](const Event& event) {
        if (event == Event(StateChanged{StateChanged::State::Testing}))
            running->post(Stop{});
    };
    const auto trainer = must(LibTorchEngine().createTrainer(denseJob(64, 20, 2), sink));
    running = trainer.get();
    trainer->post(Start{});
    QVERIFY(sink->waitForFinished());
    const Finished finished = sink->all<Finished>().front();
    QCOMPARE(finished.outcome, Outcome::Stopped);
    QVERIFY(!finished.testLoss && !finished.lastTestLoss);
    QCOMPARE(sink->all<SnapshotReady>().back().snapshot->epoch, std::int64_t{2});
}

void TestTrainer::pauseAndResume()
{
    auto sink = std::make_shared<CollectingSink>();
    auto trainer = must(LibTorchEngine().createTrainer(endlessJob(), sink));
    trainer->post(Start{});
    QVERIFY(sink->waitUntil([](const auto& events) { return stepsIn(events) >= 3; }));
    trainer->post(Pause{});
    QVERIFY(sink->waitUntil([](const auto& events) { return inState(events, StateChanged::State::Paused); }));
    const std::int64_t paused = stepsIn(sink->events());
    trainer->post(TakeSnapshot{}); // answered while paused: nothing moves meanwhile
    QVERIFY(sink->waitUntil([&](const auto& events) {
        return std::ranges::any_of(events, [&](const Event& event) {
            const auto* ready = std::get_if<SnapshotReady>(&event);
            return ready && ready->snapshot->step == paused && !ready->snapshot->best;
        });
    }));
    QCOMPARE(stepsIn(sink->events()), paused);
    trainer->post(Resume{});
    QVERIFY(sink->waitUntil([&](const auto& events) { return stepsIn(events) > paused; }));
    trainer->post(Stop{});
    QVERIFY(sink->waitForFinished());
}

void TestTrainer::stopNowKeepsTheWeights()
{
    auto sink = std::make_shared<CollectingSink>();
    auto trainer = must(LibTorchEngine().createTrainer(endlessJob(), sink));
    trainer->post(Start{});
    QVERIFY(sink->waitUntil([](const auto& events) { return stepsIn(events) >= 1; }));
    trainer->post(Stop{});
    QVERIFY(sink->waitForFinished());
    const Finished finished = sink->all<Finished>().front();
    QCOMPARE(finished.outcome, Outcome::Stopped);
    QCOMPARE(finished.lastStep, stepsIn(sink->events()));
    QCOMPARE(sink->all<SnapshotReady>().back().snapshot->step, finished.lastStep);
    QVERIFY(!finished.testLoss);
    QVERIFY(inState(sink->events(), StateChanged::State::Stopping));
}

void TestTrainer::stopAfterTheEpoch()
{
    auto sink = std::make_shared<CollectingSink>();
    auto trainer = must(LibTorchEngine().createTrainer(endlessJob(), sink));
    trainer->post(Start{});
    trainer->post(Stop{Stop::When::AfterEpoch});
    QVERIFY(sink->waitForFinished());
    const Finished finished = sink->all<Finished>().front();
    QCOMPARE(finished.outcome, Outcome::Stopped);
    QCOMPARE(finished.lastStep % 9, std::int64_t{0}); // 288 samples in batches of 32
    QCOMPARE(sink->all<EpochDone>().back().lastStep, finished.lastStep);
    QVERIFY(finished.testLoss && finished.testAccuracy);
}

void TestTrainer::stopWhilePaused()
{
    auto sink = std::make_shared<CollectingSink>();
    auto trainer = must(LibTorchEngine().createTrainer(endlessJob(), sink));
    trainer->post(Start{});
    trainer->post(Pause{});
    QVERIFY(sink->waitUntil([](const auto& events) { return inState(events, StateChanged::State::Paused); }));
    trainer->post(Stop{});
    QVERIFY(sink->waitForFinished());
    QCOMPARE(sink->all<Finished>().front().outcome, Outcome::Stopped);
    const auto states = sink->all<StateChanged>();
    QCOMPARE(std::ranges::count(states, StateChanged{StateChanged::State::Stopping}), std::ptrdiff_t{1});
}

// The one step of the epoch has a finite loss and leaves weights that are not, and the stop comes before
// they are looked at.
void TestTrainer::stopWithBrokenWeightsKeepsNone()
{
    TrainingJob job = denseJob(320, 20, 1);
    job.plan.batchSize = 320;
    job.plan.learningRate = 1e39;
    auto sink = std::make_shared<CollectingSink>();
    std::unique_ptr<Trainer> trainer;
    sink->onPut = [&trainer](const Event& event) {
        if (event == Event(StateChanged{StateChanged::State::Validating}))
            trainer->post(Stop{});
    };
    trainer = must(LibTorchEngine().createTrainer(job, sink));
    trainer->post(Start{});
    QVERIFY(sink->waitForFinished());
    const Finished finished = sink->all<Finished>().front();
    QCOMPARE(finished.outcome, Outcome::Diverged);
    QVERIFY2(finished.message.find("No weights could be kept") != std::string::npos,
             finished.message.c_str());
    QVERIFY(sink->all<SnapshotReady>().empty());
}

void TestTrainer::stopBeforeStart()
{
    const auto sink = trained(endlessJob(), {Stop{}});
    QCOMPARE(sink->events().size(), std::size_t{1});
    QCOMPARE(sink->all<Finished>().front().outcome, Outcome::Stopped);
}

void TestTrainer::learningRateChanges()
{
    auto sink = std::make_shared<CollectingSink>();
    auto trainer = must(LibTorchEngine().createTrainer(endlessJob(), sink));
    trainer->post(Start{});
    QVERIFY(sink->waitUntil([](const auto& events) { return stepsIn(events) >= 1; }));
    trainer->post(Change{"learning_rate", 0.0002});
    QVERIFY(sink->waitUntil(holds<SettingChanged>));
    const SettingChanged changed = sink->all<SettingChanged>().front();
    QCOMPARE(changed.value, 0.0002);
    QVERIFY(sink->waitUntil([&](const auto& events) { return stepsIn(events) > changed.step; }));
    trainer->post(Stop{});
    QVERIFY(sink->waitForFinished());
    for (const StepsDone& steps : sink->all<StepsDone>())
        QCOMPARE(steps.learningRate, steps.firstStep >= changed.step ? 0.0002 : 0.001);
}

void TestTrainer::changesThatCannotBeAreSaid()
{
    auto sink = std::make_shared<CollectingSink>();
    auto trainer = must(LibTorchEngine().createTrainer(endlessJob(), sink));
    trainer->post(Start{});
    trainer->post(Change{"batch_size", 5});
    trainer->post(Change{"learning_rate", -1});
    QVERIFY(sink->waitUntil([](const auto& events) {
        return std::ranges::count_if(events, [](const Event& e) {
                   const auto* notice = std::get_if<Notice>(&e);
                   return notice && notice->severity == Notice::Severity::Warning;
               }) == 2;
    }));
    trainer->post(Stop{});
    QVERIFY(sink->waitForFinished());
    QVERIFY(sink->all<SettingChanged>().empty());
    QVERIFY(std::ranges::any_of(sink->all<Notice>(), [](const Notice& notice) {
        return notice.message.find("'batch_size' cannot be changed") != std::string::npos;
    }));
}

void TestTrainer::snapshotOnDemand()
{
    auto sink = std::make_shared<CollectingSink>();
    auto trainer = must(LibTorchEngine().createTrainer(endlessJob(), sink));
    trainer->post(Start{});
    trainer->post(Pause{});
    trainer->post(TakeSnapshot{});
    QVERIFY(sink->waitUntil(holds<SnapshotReady>));
    const auto snapshot = sink->all<SnapshotReady>().front().snapshot;
    QVERIFY(!snapshot->best);
    trainer->post(Stop{});
    QVERIFY(sink->waitForFinished());
    VERIFY_OK(
        LibTorchEngine().open(endlessJob().model, endlessJob().preprocessing, snapshot->weights, "cpu"));
}

void TestTrainer::destructorStops()
{
    auto sink = std::make_shared<CollectingSink>();
    {
        auto trainer = must(LibTorchEngine().createTrainer(endlessJob(), sink));
        trainer->post(Start{});
        QVERIFY(sink->waitUntil([](const auto& events) { return stepsIn(events) >= 1; }));
    }
    QCOMPARE(sink->all<Finished>().size(), std::size_t{1});
    auto silent = std::make_shared<CollectingSink>();
    must(LibTorchEngine().createTrainer(endlessJob(), silent)).reset();
    QVERIFY(silent->events().empty());
}

QTEST_GUILESS_MAIN(TestTrainer)
#include "tst_trainer.moc"
