// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/runwatcher.h"
#include "tests/support/fakerun.h"
#include "tests/support/testsupport.h"
#include "tests/support/tinydata.h"

#include <QSignalSpy>

using namespace torchdesk;

class TestRunWatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsAFolderThatIsMadeLater();
    void saysNothingWhereNothingChanged();
};

void TestRunWatcher::followsAFolderThatIsMadeLater()
{
    test::TemporaryFolder folder;
    test::writeTinyDigits(folder / "data");
    RunWatcher watcher(folder / "runs");
    watcher.setActive(true);
    QVERIFY(watcher.runs().empty());

    TrainingPlan plan;
    plan.epochs = 1;
    const auto first = test::trainFake(folder / "runs", folder / "data", plan);
    QTRY_COMPARE(watcher.runs().size(), std::size_t{1});
    QCOMPARE(watcher.runs().front().folder, first);
    QTRY_COMPARE(watcher.runs().front().state, RunState::Finished);

    test::trainFake(folder / "runs", folder / "data", plan);
    QTRY_COMPARE(watcher.runs().size(), std::size_t{2});
}

void TestRunWatcher::saysNothingWhereNothingChanged()
{
    test::TemporaryFolder folder;
    test::writeTinyDigits(folder / "data");
    TrainingPlan plan;
    plan.epochs = 1;
    test::trainFake(folder / "runs", folder / "data", plan);
    RunWatcher watcher(folder / "runs");
    QSignalSpy changes(&watcher, &RunWatcher::changed);
    watcher.refresh();
    QTRY_COMPARE(changes.count(), 1);
    watcher.refresh();
    watcher.refresh();
    test::writeFile(folder / "runs/notes.txt", "x"); // wakes the watcher of the folder
    test::trainFake(folder / "runs", folder / "data", plan);
    QTRY_COMPARE(watcher.runs().size(), std::size_t{2});
    QVERIFY(changes.count() >= 2);
}

QTEST_GUILESS_MAIN(TestRunWatcher)
#include "tst_runwatcher.moc"
