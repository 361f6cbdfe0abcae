// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/checkpoint.h"
#include "tests/core/run/recordersamples.h"

#include <sys/wait.h>
#include <unistd.h>

using namespace torchdesk;
using namespace torchdesk::test;
namespace fs = std::filesystem;

class TestRecorder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheWholeRun();
    void showsTheRunWhileItGoesOn();
    void leavesOutWhatThereIsNot();
    void opensWhatWasRecorded();
    void saysWhatCannotBeOpened();
    void readsAKilledRunAsInterrupted();
};

void TestRecorder::writesTheWholeRun()
{
    const TemporaryFolder runs;
    Notices notices;
    auto recorder = RunRecorder::create(runs.path(), newRecord(), sampleModel(), notices.taker());
    VERIFY_OK(recorder);
    RunRecorder& run = **recorder;
    const Started started = *finishedRecord().started;
    run.record(started);
    recordEpoch(run, 1, true);
    run.record(StateChanged{StateChanged::State::Paused});
    run.record(SettingChanged{"learning_rate", 0.01, 11});
    recordEpoch(run, 2, false);
    const Finished finished = *finishedRecord().finished;
    run.record(finished);
    run.close();
    const RunSummary summary = readRunSummary(run.folder());
    QVERIFY(summary.state == RunState::Finished);
    QVERIFY(summary.record.started == started);
    QVERIFY(summary.record.finished == finished);
    QCOMPARE(summary.record.epochs.size(), std::size_t{2});
    QCOMPARE(summary.record.bestEpoch(), std::int64_t{1});
    QVERIFY(summary.record.endedAt >= summary.record.startedAt && summary.record.startedAt > 0);
    for (const char* tag : {"loss", "accuracy", "learning_rate"})
        QCOMPARE(pointsOf(run.folder() / "train", tag).size(), std::size_t{20});
    const auto losses = pointsOf(run.folder() / "train", "loss");
    for (std::size_t i = 0; i < losses.size(); ++i) {
        QCOMPARE(losses[i].step, static_cast<std::int64_t>(i + 1));
        QCOMPARE(losses[i].value, 1.0F / static_cast<float>(i + 1));
    }
    QVERIFY(losses[9].wallTime > losses[0].wallTime);
    const auto validation = pointsOf(run.folder() / "validation", "accuracy");
    QCOMPARE(validation.size(), std::size_t{2});
    QCOMPARE(validation[1].step, std::int64_t{20});
    QCOMPARE(listCheckpoints(run.folder()).size(), std::size_t{2});
    const std::string log = readText(run.folder() / "log.txt").value();
    for (const char* line :
         {"Training starts on cpu (AMD EPYC, 2 threads)", "Epoch 1 (step 10): loss 0.5000", "Paused.",
          "learning_rate is 0.01 from step 11 on.", "The training ends at step 20: completed."})
        QVERIFY2(log.find(line) != std::string::npos, log.c_str());
    QVERIFY(notices.all.empty());
}

void TestRecorder::showsTheRunWhileItGoesOn()
{
    const TemporaryFolder runs;
    const Recorder run = std::move(*RunRecorder::create(runs.path(), newRecord(), sampleModel(), {}));
    QVERIFY(listRuns(runs.path()).at(0).state == RunState::Running);
    run->record(stepsOf(1, 1, 600)); // enough to be flushed without an epoch's end
    QCOMPARE(pointsOf(run->folder() / "train", "loss").size(), std::size_t{600});
    EpochDone epoch = epochOf(1, 0.5, true);
    epoch.lastStep = 600;
    epoch.validationTop5 = 0.75;
    run->record(epoch);
    const auto topFive = pointsOf(run->folder() / "validation", "top5_accuracy");
    QCOMPARE(topFive.size(), std::size_t{1});
    QCOMPARE(topFive[0].step, std::int64_t{600});
    QCOMPARE(topFive[0].value, 0.75F);
    QCOMPARE(readRunSummary(run->folder()).record.epochs.size(), std::size_t{1});
    run->record(*finishedRecord().finished);
    QVERIFY(readRunSummary(run->folder()).state == RunState::Running); // weights may still be on their way
    run->close();
    QVERIFY(readRunSummary(run->folder()).state == RunState::Finished);
}

void TestRecorder::leavesOutWhatThereIsNot()
{
    const TemporaryFolder runs;
    RunRecord record = newRecord();
    record.name.clear();
    record.plan.model = "models/my-net.json";
    const Recorder run = std::move(*RunRecorder::create(runs.path(), record, sampleModel(), {}));
    QVERIFY(run->folder().filename().string().ends_with("_my-net-synthetic-digits"));
    run->record(stepsOf(1, 1, 10));
    EpochDone epoch = epochOf(1, 0, true);
    epoch.validationAccuracy.reset();
    epoch.validationLoss.reset();
    run->record(epoch);
    run->close();
    QVERIFY(!fs::exists(run->folder() / "validation"));
    QVERIFY(readRunSummary(run->folder()).state == RunState::Interrupted);
    QCOMPARE(readRunSummary(run->folder()).record.name, std::string("my-net-synthetic-digits"));
}

void TestRecorder::opensWhatWasRecorded()
{
    const TemporaryFolder runs;
    const Recorder run = std::move(*RunRecorder::create(runs.path(), newRecord(), sampleModel(), {}));
    VERIFY_ERROR(openRun(run->folder()),
                 "has no weights: no whole checkpoint was saved. Train for at least one epoch.");
    recordEpoch(*run, 1, true);
    recordEpoch(*run, 2, false);
    run->record(*finishedRecord().finished);
    run->close();
    const auto best = openRun(run->folder());
    VERIFY_OK(best);
    QVERIFY(best->model == sampleModel());
    QCOMPARE(best->epoch, std::int64_t{1});
    const auto& weights = best->weights;
    QVERIFY(std::find(weights.begin(), weights.end(), snapshotOf(1, 10, true)->weights[0]) != weights.end());
    QCOMPARE(openRun(run->folder(), Weights::Last).value().epoch, std::int64_t{2});
    QCOMPARE(best->record.epochs.size(), std::size_t{2});
}

void TestRecorder::saysWhatCannotBeOpened()
{
    const TemporaryFolder runs;
    const Recorder run = std::move(*RunRecorder::create(runs.path(), newRecord(), sampleModel(), {}));
    recordEpoch(*run, 1, true);
    run->close();
    const fs::path folder = run->folder();
    writeFile(folder / "checkpoints/epoch-0001/model.safetensors", "short");
    VERIFY_ERROR(openRun(folder), "model.safetensors is damaged: found 5 bytes, the MANIFEST wants ");
    const std::string model = readText(folder / "model.json").value();
    writeFile(folder / "model.json", model.substr(0, model.size() / 2));
    VERIFY_ERROR(openRun(folder), "model.json cannot be used: it is no valid JSON");
    Json newer = Json::parse(model);
    newer["format"] = 2;
    writeFile(folder / "model.json", newer.dump());
    const auto refused = openRun(folder);
    VERIFY_ERROR(refused, "model.json is from a newer version of TorchDesk");
    QVERIFY(refused.error().kind == ErrorKind::Unsupported);
    fs::remove(folder / "model.json");
    VERIFY_ERROR(openRun(folder), "is not complete: model.json is missing");
    fs::remove(folder / "run.json");
    VERIFY_ERROR(openRun(folder), "is not complete: run.json is missing");
}

void TestRecorder::readsAKilledRunAsInterrupted()
{
    const TemporaryFolder runs;
    const RunModel model = sampleModel();
    int ready[2];
    QCOMPARE(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        auto recorder = RunRecorder::create(runs.path(), newRecord(), model, {});
        if (recorder)
            recordEpoch(**recorder, 1, true);
        if (write(ready[1], recorder ? "y" : "n", 1) == 1)
            pause();
        _exit(1);
    }
    char told = 0;
    QCOMPARE(read(ready[0], &told, 1), ssize_t{1});
    const auto before = listRuns(runs.path());
    kill(child, SIGKILL);
    QCOMPARE(waitpid(child, nullptr, 0), child);
    close(ready[0]);
    close(ready[1]);
    QCOMPARE(told, 'y');
    QCOMPARE(before.size(), std::size_t{1});
    QVERIFY(before[0].state == RunState::Running);
    const RunSummary after = readRunSummary(before[0].folder);
    QVERIFY(after.state == RunState::Interrupted);
    QCOMPARE(after.record.epochs.size(), std::size_t{1});
    QCOMPARE(pointsOf(after.folder / "train", "loss").size(), std::size_t{10});
}

QTEST_APPLESS_MAIN(TestRecorder)
#include "tst_recorder.moc"
