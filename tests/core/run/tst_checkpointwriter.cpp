// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/checkpoint.h"
#include "core/run/checkpointwriter.h"
#include "tests/core/run/runsamples.h"
#include "tests/support/testsupport.h"

#include <atomic>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

std::vector<std::int64_t> stepsOnDisk(const std::filesystem::path& run)
{
    std::vector<std::int64_t> steps;
    for (const CheckpointInfo& checkpoint : listCheckpoints(run)) {
        steps.push_back(checkpoint.step);
        const auto weights = readWeights(checkpoint.folder);
        const auto wanted = snapshotOf(checkpoint.epoch, checkpoint.step, false)->weights;
        if (!weights || std::find(weights->begin(), weights->end(), wanted[0]) == weights->end())
            steps.push_back(-1);
    }
    return steps;
}

} // namespace

class TestCheckpointWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheBestAndTheLast();
    void flushesWhenItEnds();
    void takesManyAtOnce();
    void goesOnAfterAFullDisk();
    void keepsTheBestOneThatCouldNotBeWritten();
    void saysWhatIsMissingAtTheEnd();
};

void TestCheckpointWriter::keepsTheBestAndTheLast()
{
    const TemporaryFolder run;
    CheckpointWriter writer(run.path(), {});
    for (const auto& [epoch, best] : {std::pair{1, true}, {2, true}, {3, false}, {4, false}}) {
        writer.write(snapshotOf(epoch, epoch * 10, best));
        VERIFY_OK(writer.flush());
    }
    QCOMPARE(stepsOnDisk(run.path()), (std::vector<std::int64_t>{20, 40}));
    writer.write(snapshotOf(5, 50, true));
    VERIFY_OK(writer.flush());
    QCOMPARE(stepsOnDisk(run.path()), (std::vector<std::int64_t>{50}));
}

void TestCheckpointWriter::flushesWhenItEnds()
{
    const TemporaryFolder run;
    {
        CheckpointWriter writer(run.path(), {});
        writer.write(snapshotOf(1, 10, true));
        writer.write(snapshotOf(1, 12, false));
    }
    QCOMPARE(stepsOnDisk(run.path()), (std::vector<std::int64_t>{10, 12}));
}

void TestCheckpointWriter::takesManyAtOnce()
{
    const TemporaryFolder run;
    CheckpointWriter writer(run.path(), {});
    for (int epoch = 1; epoch <= 200; ++epoch)
        writer.write(snapshotOf(epoch, epoch, epoch == 30));
    VERIFY_OK(writer.flush());
    QCOMPARE(stepsOnDisk(run.path()), (std::vector<std::int64_t>{30, 200}));
}

void TestCheckpointWriter::goesOnAfterAFullDisk()
{
    const TemporaryFolder run;
    std::atomic<int> problems = 0;
    std::atomic<int> recoveries = 0;
    CheckpointWriter writer(
        run.path(), [&](const Error& error) { problems += error.kind == ErrorKind::DiskFull; },
        [&] { ++recoveries; });
    writer.write(snapshotOf(1, 10, true));
    VERIFY_OK(writer.flush());
    {
        const FullDisk full(4096);
        for (int epoch = 2; epoch <= 5; ++epoch) {
            writer.write(snapshotOf(epoch, epoch * 10, false));
            VERIFY_ERROR(writer.flush(), "Free some space");
        }
    }
    QCOMPARE(problems.load(), 1);
    QCOMPARE(recoveries.load(), 0);
    QCOMPARE(stepsOnDisk(run.path()), (std::vector<std::int64_t>{10}));
    writer.write(snapshotOf(6, 60, false));
    VERIFY_OK(writer.flush());
    QCOMPARE(stepsOnDisk(run.path()), (std::vector<std::int64_t>{10, 60}));
    QCOMPARE(problems.load(), 1);
    QCOMPARE(recoveries.load(), 1);
}

void TestCheckpointWriter::keepsTheBestOneThatCouldNotBeWritten()
{
    const TemporaryFolder run;
    CheckpointWriter writer(run.path(), {});
    {
        const FullDisk full(4096);
        for (const auto& [epoch, best] : {std::pair{1, true}, {2, true}, {3, false}, {4, false}}) {
            writer.write(snapshotOf(epoch, epoch * 10, best));
            VERIFY_ERROR(writer.flush(), "Free some space");
        }
    }
    VERIFY_OK(writer.flush());
    QCOMPARE(stepsOnDisk(run.path()), (std::vector<std::int64_t>{20, 40}));
}

void TestCheckpointWriter::saysWhatIsMissingAtTheEnd()
{
    const TemporaryFolder folder;
    writeFile(folder / "run", "a file where the folder should be");
    std::vector<Error> problems;
    CheckpointWriter writer(folder / "run", [&](const Error& error) { problems.push_back(error); });
    writer.write(snapshotOf(1, 10, true));
    VERIFY_ERROR(writer.flush(), "Cannot make the folder");
    QCOMPARE(problems.size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestCheckpointWriter)
#include "tst_checkpointwriter.moc"
