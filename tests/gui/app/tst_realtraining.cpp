// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/runfolder.h"
#include "core/session/engineloader.h"
#include "tests/gui/support/windowundertest.h"

using namespace torchdesk;
using test::WindowUnderTest;

/// The real window trains for real, offscreen.
class TestRealTraining : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { test::prepareGui(); }
    void init() { test::failOnWarnings(); }
    void trainsAnEpoch();
    void stopsWhenItIsClosed();
};

void TestRealTraining::trainsAnEpoch()
{
    WindowUnderTest test(loadEngine);
    test.enter(test.plan(1));
    QTRY_VERIFY2_WITH_TIMEOUT(test.bridge().verdict().measurement, qPrintable(test.verdict()), 60'000);
    QVERIFY(test.bridge().verdict().measurement->secondsPerEpoch > 0);
    test.click("train");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 120'000);
    const RunSummary run = readRunSummary(test.bridge().runFolder());
    QCOMPARE(run.state, RunState::Finished);
    QCOMPARE(run.record.finished->outcome, Outcome::Completed);
    QCOMPARE(run.record.epochs.size(), std::size_t{1});
    QVERIFY(run.record.epochs.front().trainLoss > 0 && run.record.epochs.front().trainLoss < 3);
    QVERIFY(test.label("runDetail").startsWith(QLatin1String("Test accuracy ")));
}

void TestRealTraining::stopsWhenItIsClosed()
{
    WindowUnderTest test(loadEngine);
    test.enter(test.plan(10'000));
    test.click("train");
    QTRY_VERIFY_WITH_TIMEOUT(test.bridge().meter().step() > 0, 60'000);
    test.window().close();
    test.click("stopAndClose");
    QTRY_VERIFY_WITH_TIMEOUT(!test.window().isVisible(), 60'000);
    const RunSummary run = readRunSummary(test.bridge().runFolder());
    QCOMPARE(run.record.finished->outcome, Outcome::Stopped);
    VERIFY_OK(openRun(test.bridge().runFolder(), Weights::Last));
}

QTEST_MAIN(TestRealTraining)
#include "tst_realtraining.moc"
