// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/checkpoint.h"
#include "core/run/runfolder.h"
#include "tests/gui/support/windowundertest.h"
#include "tests/support/tinydata.h"

#include <QMessageBox>
#include <QProcess>
#include <QTimer>

using namespace torchdesk;
using test::WindowUnderTest;

namespace {

FakeScript slow()
{
    FakeScript script;
    script.secondsPerStep = 0.01;
    return script;
}

/// A run that was going on was stopped in good order.
void verifyStopped(const std::filesystem::path& runs)
{
    const auto all = listRuns(runs);
    QCOMPARE(all.size(), std::size_t{1});
    QCOMPARE(all[0].state, RunState::Finished);
    QCOMPARE(all[0].record.finished->outcome, Outcome::Stopped);
    QVERIFY(!listCheckpoints(all[0].folder).empty());
}

} // namespace

/// What becomes of a run when the session, or the system, ends the window.
class TestClosing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { test::prepareGui(); }
    void init() { test::failOnWarnings(); }

    void logoutStopsTheRun();
    void logoutCanBeRefused();
    void questionGoesWithTheRun();
    void terminatedProgramKeepsTheWeights();
};

void TestClosing::logoutStopsTheRun()
{
    WindowUnderTest test(slow());
    test.enter(test.plan(1000));
    test.click("train");
    QTRY_VERIFY(test.bridge().meter().step() > 0);
    QVERIFY(test.window().stopForLogout(false));
    QVERIFY(!test.bridge().busy());
    verifyStopped(test.runs());
    QVERIFY(test.window().stopForLogout(true)); // nothing to ask for any more
}

void TestClosing::logoutCanBeRefused()
{
    WindowUnderTest test(slow());
    test.enter(test.plan(1000));
    test.click("train");
    QTRY_VERIFY(test.bridge().meter().step() > 0);
    const auto answer = [&](const char* button) {
        QTimer::singleShot(0, &test.window(), [&test, button] { test.click(button); });
        return test.window().stopForLogout(true);
    };
    QVERIFY(!answer("keepTraining"));
    QVERIFY(test.bridge().busy());
    QVERIFY(answer("stopAndLogOut"));
    verifyStopped(test.runs());
}

void TestClosing::questionGoesWithTheRun()
{
    WindowUnderTest test(slow());
    test.enter(test.plan(1));
    test.click("train");
    QTRY_VERIFY(test.bridge().busy());
    test.window().close();
    QVERIFY(test.window().isVisible());
    QVERIFY(test.window().findChild<QMessageBox*>("closeQuestion"));
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    QTRY_VERIFY(!test.window().findChild<QMessageBox*>("closeQuestion"));
}

// The real program, told to end as a system does it when it shuts down.
void TestClosing::terminatedProgramKeepsTheWeights()
{
    const test::TemporaryFolder home;
    const std::filesystem::path runs = home / "runs";
    test::writeTinyDigits(home / "data");
    TrainingPlan plan;
    plan.data = (home / "data").string();
    plan.epochs = 1000;
    plan.batchSize = 16;
    const QString file = QString::fromStdString((home / "plan.json").string());
    test::writeFile(home / "plan.json", toJson(plan).dump());
    const QString folder = QCoreApplication::applicationDirPath();
    QProcess program;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("TORCHDESK_RUNS", QString::fromStdString(runs.string()));
    environment.insert("TORCHDESK_ENGINE", folder + "/torchdesk_fake_engine.so");
    environment.insert("TORCHDESK_FAKE_SCRIPT", R"({"seconds_per_step":0.01})");
    program.setProcessEnvironment(environment);
    program.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    program.start(folder + "/torchdesk", {"--train", file, "--exit-when-done"});
    QVERIFY(program.waitForStarted());
    const auto epochs = [&] {
        const auto all = listRuns(runs);
        return all.empty() ? std::size_t{0} : all[0].record.epochs.size();
    };
    QTRY_VERIFY_WITH_TIMEOUT(epochs() > 0, 60'000);
    program.terminate();
    QVERIFY(program.waitForFinished(60'000));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 0);
    verifyStopped(runs);
}

QTEST_MAIN(TestClosing)
#include "tst_closing.moc"
