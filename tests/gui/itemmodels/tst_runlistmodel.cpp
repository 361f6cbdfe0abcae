// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/runtext.h"
#include "gui/itemmodels/runlistmodel.h"
#include "tests/support/testsupport.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace torchdesk;

namespace {

RunSummary summary(const std::string& name, RunState state = RunState::Finished)
{
    RunSummary run;
    run.folder = "/runs/" + name;
    run.state = state;
    run.record.name = name;
    run.record.startedAt = 1'700'000'000;
    return run;
}

} // namespace

class TestRunListModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsNameFigureStateAndDifferences();
    void aRunThatGoesOnShowsItsEpoch();
    void theUnreadableSaysWhy();
    void newRunsAndNewFiguresKeepTheRows();
};

void TestRunListModel::showsNameFigureStateAndDifferences()
{
    RunSummary run = summary("lenet-mnist");
    run.record.plan.seed = 2;
    run.record.finished = Finished{Outcome::Stopped, {}, 100, 1, 0.1, 0.9812, {}, {}};
    RunListModel model;
    model.setRuns({run});
    const QModelIndex row = model.index(0);
    QCOMPARE(row.data().toString(), QString("lenet-mnist"));
    QCOMPARE(row.data(RunListModel::FigureRole).toString(), QString("98.1 %"));
    QCOMPARE(row.data(RunListModel::StateRole).toString(), QString("stopped"));
    QVERIFY(row.data(RunListModel::DetailsRole).toString().startsWith("seed 2 · "));
    QVERIFY(row.data(Qt::AccessibleTextRole).toString().contains("98.1 %"));
}

void TestRunListModel::aRunThatGoesOnShowsItsEpoch()
{
    RunSummary run = summary("lenet", RunState::Running);
    run.record.plan.epochs = 20;
    EpochDone epoch;
    epoch.best = true;
    epoch.validationAccuracy = 0.97;
    run.record.epochs = {epoch};
    QCOMPARE(runStateText(run), QString("epoch 2 of 20"));
    QCOMPARE(runFigure(run), QString("97.0 %"));
}

void TestRunListModel::theUnreadableSaysWhy()
{
    RunSummary run = summary("", RunState::Unreadable);
    run.folder = "/runs/2026-01-01_1200_x";
    run.problem = "run.json is cut short.";
    QCOMPARE(runName(run), QString("2026-01-01_1200_x"));
    QCOMPARE(runDetails(run), QString("run.json is cut short."));
    QCOMPARE(runStateText(run), QString("unreadable"));
}

void TestRunListModel::newRunsAndNewFiguresKeepTheRows()
{
    RunListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRuns({summary("b"), summary("a")});
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setRuns({summary("b", RunState::Interrupted), summary("a")});
    QCOMPARE(changes.count(), 1);
    model.setRuns({summary("c"), summary("b"), summary("a")});
    QCOMPARE(inserts.count(), 1);
    QCOMPARE(resets.count(), 0);
    model.setRuns({summary("c")});
    QCOMPARE(resets.count(), 1);
    QCOMPARE(model.rowCount(), 1);
}

QTEST_GUILESS_MAIN(TestRunListModel)
#include "tst_runlistmodel.moc"
