// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/checkpoint.h"
#include "tests/core/run/recordersamples.h"

#include <QScopeGuard>
#include <sys/mount.h>

using namespace torchdesk;
using namespace torchdesk::test;
namespace fs = std::filesystem;

/// Disks that are full and folders that go away while a run is recorded.
class TestRecorderTrouble : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void losesNothingOnAFullDisk();
    void goesOnWhereAFileSystemIsFull();
    void leavesNothingWhereItCannotBegin();
    void triesTheLastWeightsAgain();
    void lostWeightsAreTheOutcome();
    void makesARemovedFolderUsableAgain();
    void takesNoOtherWeightsForDamagedOnes();
    void newerIsWhatCameLater();
};

void TestRecorderTrouble::losesNothingOnAFullDisk()
{
    const TemporaryFolder runs;
    Notices notices;
    const Recorder run =
        std::move(*RunRecorder::create(runs.path(), newRecord(), sampleModel(), notices.taker()));
    run->record(*finishedRecord().started);
    recordEpoch(*run, 1, true);
    {
        const FullDisk full(100);
        for (std::int64_t epoch = 2; epoch <= 6; ++epoch)
            recordEpoch(*run, epoch, epoch == 3);
    }
    QCOMPARE(notices.warnings(), std::size_t{1});
    const std::string warning = notices.all.at(0).message;
    QVERIFY2(warning.starts_with("The disk is full: the training goes on in memory"), warning.c_str());
    QVERIFY2(warning.find("Free some space") != std::string::npos, warning.c_str());
    recordEpoch(*run, 7, false);
    run->record(*finishedRecord().finished);
    run->close();
    QCOMPARE(notices.warnings(), std::size_t{1});
    QCOMPARE(notices.all.size(), std::size_t{2});
    QCOMPARE(notices.all.at(1).message, std::string("The run can be saved again: everything is on disk."));
    QCOMPARE(pointsOf(run->folder() / "train", "loss").size(), std::size_t{70});
    QCOMPARE(pointsOf(run->folder() / "validation", "loss").size(), std::size_t{7});
    const RunSummary summary = readRunSummary(run->folder());
    QVERIFY(summary.state == RunState::Finished);
    QCOMPARE(summary.record.epochs.size(), std::size_t{7});
    QCOMPARE(openRun(run->folder()).value().epoch, std::int64_t{3});
    QCOMPARE(openRun(run->folder(), Weights::Last).value().epoch, std::int64_t{7});
    const std::string log = readText(run->folder() / "log.txt").value();
    for (const char* line : {"Epoch 4 (step 40)", "Warning: The disk is full", "The run can be saved again"})
        QVERIFY2(log.find(line) != std::string::npos, log.c_str());
}

// A file system that is really full, where the test may mount one.
void TestRecorderTrouble::goesOnWhereAFileSystemIsFull()
{
    const TemporaryFolder runs;
    if (mount("tmpfs", runs.path().c_str(), "tmpfs", 0, "size=256k") != 0)
        QSKIP("This user may not mount a small file system.");
    {
        Notices notices;
        const Recorder run =
            std::move(*RunRecorder::create(runs.path(), newRecord(), sampleModel(), notices.taker()));
        recordEpoch(*run, 1, true);
        const std::string filler(1 << 20, 'x');
        std::FILE* file = std::fopen((runs / "filler").c_str(), "w");
        const bool filled =
            std::fwrite(filler.data(), 1, filler.size(), file) < filler.size() || std::fflush(file) != 0;
        std::fclose(file);
        for (std::int64_t epoch = 2; epoch <= 20; ++epoch)
            recordEpoch(*run, epoch, false);
        const std::size_t warnings = notices.warnings();
        fs::remove(runs / "filler");
        run->record(*finishedRecord().finished);
        run->close();
        const auto points = pointsOf(run->folder() / "train", "loss");
        const RunSummary summary = readRunSummary(run->folder());
        const auto last = openRun(run->folder(), Weights::Last);
        const fs::path mounted = runs.path();
        const auto unmounting = qScopeGuard([&] { umount2(mounted.c_str(), MNT_DETACH); });
        QVERIFY(filled);
        QCOMPARE(warnings, std::size_t{1});
        QCOMPARE(notices.warnings(), std::size_t{1});
        QCOMPARE(points.size(), std::size_t{200});
        QVERIFY(summary.state == RunState::Finished);
        QCOMPARE(summary.record.epochs.size(), std::size_t{20});
        VERIFY_OK(last);
        QCOMPARE(last->epoch, std::int64_t{20});
    }
}

void TestRecorderTrouble::leavesNothingWhereItCannotBegin()
{
    const TemporaryFolder runs;
    const auto refused = [&] {
        const FullDisk full(100);
        return RunRecorder::create(runs.path(), newRecord(), sampleModel(), {});
    }();
    QVERIFY(!refused);
    QVERIFY(refused.error().kind == ErrorKind::DiskFull);
    QVERIFY(fs::is_empty(runs.path()));
}

void TestRecorderTrouble::triesTheLastWeightsAgain()
{
    const TemporaryFolder runs;
    Notices notices;
    const Recorder run =
        std::move(*RunRecorder::create(runs.path(), newRecord(), sampleModel(), notices.taker()));
    auto full = std::make_unique<FullDisk>(100);
    recordEpoch(*run, 1, true);
    run->record(*finishedRecord().finished);
    // Space comes free after the first try.
    VERIFY_OK(run->close([&full] {
        full.reset();
        return false;
    }));
    QCOMPARE(openRun(run->folder()).value().epoch, std::int64_t{1});
    QVERIFY(readRunSummary(run->folder()).record.finished->outcome == Outcome::Completed);
}

void TestRecorderTrouble::lostWeightsAreTheOutcome()
{
    const TemporaryFolder runs;
    Notices notices;
    Recorder run = std::move(*RunRecorder::create(runs.path(), newRecord(), sampleModel(), notices.taker()));
    const fs::path folder = run->folder();
    auto full = std::make_unique<FullDisk>(100);
    recordEpoch(*run, 1, true);
    run->record(*finishedRecord().finished);
    VERIFY_ERROR(run->close(), "The last weights could not be saved. ");
    QVERIFY(notices.all.back().message.starts_with(
        "The weights are not on disk, and the program no longer tries"));
    // What was said to be lost does not appear later, behind what the run says of itself.
    full.reset();
    run.reset();
    QVERIFY(listCheckpoints(folder).empty());
}

void TestRecorderTrouble::makesARemovedFolderUsableAgain()
{
    const TemporaryFolder runs;
    Notices notices;
    const Recorder run =
        std::move(*RunRecorder::create(runs.path(), newRecord(), sampleModel(), notices.taker()));
    recordEpoch(*run, 1, true);
    QTRY_VERIFY(!listCheckpoints(run->folder()).empty()); // the writer has nothing more to put there
    fs::remove_all(run->folder());
    recordEpoch(*run, 2, false);
    run->record(*finishedRecord().finished);
    VERIFY_OK(run->close());
    QCOMPARE(openRun(run->folder(), Weights::Last).value().epoch, std::int64_t{2});
    QCOMPARE(readRunSummary(run->folder()).record.epochs.size(), std::size_t{2});
    QVERIFY(notices.warnings() > 0); // the points that were in the removed files are gone
    QVERIFY(notices.all.back().message.starts_with("The run's folder is not complete"));
}

void TestRecorderTrouble::takesNoOtherWeightsForDamagedOnes()
{
    const TemporaryFolder runs;
    const Recorder run = std::move(*RunRecorder::create(runs.path(), newRecord(), sampleModel(), {}));
    recordEpoch(*run, 1, true);
    recordEpoch(*run, 2, false);
    VERIFY_OK(run->close());
    const fs::path best = run->folder() / "checkpoints/epoch-0001";
    const fs::path last = run->folder() / "checkpoints/epoch-0002";
    const std::string manifest = readText(best / "MANIFEST").value();
    writeFile(best / "MANIFEST", manifest.substr(0, 20));
    VERIFY_ERROR(openRun(run->folder()), "epoch-0001, which is damaged or from a newer version");
    QCOMPARE(openRun(run->folder(), Weights::Last).value().epoch, std::int64_t{2});
    writeFile(best / "MANIFEST", manifest);
    fs::remove(last / "state.json");
    VERIFY_ERROR(openRun(run->folder(), Weights::Last), "epoch-0002, which is damaged");
    QCOMPARE(openRun(run->folder()).value().epoch, std::int64_t{1});
    fs::remove(best / "MANIFEST");
    VERIFY_ERROR(openRun(run->folder()), "which is damaged");
}

void TestRecorderTrouble::newerIsWhatCameLater()
{
    const TemporaryFolder runs;
    const Recorder run = std::move(*RunRecorder::create(runs.path(), newRecord(), sampleModel(), {}));
    recordEpoch(*run, 10000, true);
    VERIFY_OK(run->close());
    // As text "epoch-9999" comes behind "epoch-10000".
    const fs::path older = run->folder() / "checkpoints/epoch-9999";
    fs::create_directory(older);
    QCOMPARE(openRun(run->folder(), Weights::Last).value().epoch, std::int64_t{10000});
    fs::rename(older, run->folder() / "checkpoints/epoch-10000-step-100000");
    VERIFY_ERROR(openRun(run->folder(), Weights::Last), "epoch-10000-step-100000, which is damaged");
}

QTEST_APPLESS_MAIN(TestRecorderTrouble)
#include "tst_recordertrouble.moc"
