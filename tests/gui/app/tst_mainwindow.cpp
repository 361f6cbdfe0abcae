// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/checkpoint.h"
#include "core/run/runfolder.h"
#include "gui/charts/curvesview.h"
#include "gui/pages/curvespage.h"
#include "gui/pages/runspage.h"
#include "tests/gui/support/windowundertest.h"
#include "tests/support/fakerun.h"

#include <QDialog>
#include <QInputDialog>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTabBar>
#include <QToolButton>
#include <chrono>
#include <future>
#include <thread>

using namespace torchdesk;
using test::WindowUnderTest;

class TestMainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { test::prepareGui(); }
    void init() { test::failOnWarnings(); }

    void isUpBeforeTheEngineIsLoaded();
    void trainsAndShowsTheResult();
    void curvesArrive();
    void saysThatTheLossIsNoNumber();
    void triesAgainWithATenthOfTheLearningRate();
    void saysThatMemoryIsOut();
    void saysWhyTheEngineRefuses();
    void stopsInTheMiddleOfASlowEpoch();
    void pausesAndResumes();
    void stopsAfterTheEpoch();
    void losesNothingWhileTheWindowStalls();
    void changesTheLearningRateWhileRunning();
    void refusesABadLearningRateWhileRunning();
    void opensNoPageByItself();
    void findsTheWayBackToTheRunningOne();
    void asksBeforeItClosesARun();
    void keepsTrainingWhenClosingIsDeclined();
    void saysWhatToDoWithoutLibTorch();
    void takesTheDevicesToOneLineWhereItIsNarrow();
    void remembersItsGeometry();
    void isReachableByKeyboard();
};

namespace {

FakeScript slow(double seconds = 0.02)
{
    FakeScript script;
    script.secondsPerStep = seconds;
    return script;
}

int points(WindowUnderTest& test)
{
    const auto* view = test.child<CurvesView>("liveCurves");
    const ScalarSeries* series = nullptr;
    for (int id = 1; id < 64 && !series; ++id)
        series = view->loss()->series(id);
    return series ? static_cast<int>(series->count()) : 0;
}

} // namespace

void TestMainWindow::isUpBeforeTheEngineIsLoaded()
{
    std::promise<void> released;
    auto wait = released.get_future().share();
    WindowUnderTest test([wait]() -> Expected<std::shared_ptr<Engine>> {
        wait.wait();
        return std::make_shared<FakeEngine>();
    });
    QVERIFY(QTest::qWaitForWindowExposed(&test.window()));
    QTRY_COMPARE(test.bridge().verdict().parameters.value_or(0), 44'426);
    QVERIFY(!test.button("train")->isEnabled());
    QVERIFY2(test.verdict().contains(QLatin1String("loading LibTorch")), qPrintable(test.verdict()));
    released.set_value();
    QTRY_VERIFY(test.button("train")->isEnabled());
}

void TestMainWindow::trainsAndShowsTheResult()
{
    WindowUnderTest test;
    test.enter();
    QTRY_VERIFY2(test.verdict().contains(QLatin1String("(measured)")), qPrintable(test.verdict()));
    QVERIFY(test.verdict().startsWith(QLatin1String("44,426 parameters")));
    test.click("train");
    QVERIFY(test.bridge().busy());
    QVERIFY(!test.button("train")->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    const QString detail = test.label("runDetail");
    QVERIFY2(detail.startsWith(QLatin1String("Test accuracy ")), qPrintable(detail));
    QVERIFY2(detail.contains(QLatin1String("(best epoch 2), ")), qPrintable(detail));
    for (const char* name : {"useRun", "exportRun", "trainAgain"})
        QVERIFY2(test.button(name)->isVisible(), name);
    QVERIFY(!test.button("pause")->isVisible());
    QTRY_VERIFY(test.button("train")->isEnabled());
    const auto runs = listRuns(test.runs());
    QCOMPARE(runs.size(), std::size_t{1});
    QCOMPARE(runs.front().state, RunState::Finished);
    QVERIFY(
        test.child<QPlainTextEdit>("log")->toPlainText().contains(QLatin1String("Epoch 2: training loss")));
}

void TestMainWindow::curvesArrive()
{
    WindowUnderTest test(slow(0.002));
    test.enter();
    QSignalSpy arrived(&test.bridge(), &Bridge::eventsArrived);
    test.click("train");
    QCOMPARE(test.child<QTabBar>("centreTabs")->currentIndex(), int(MainWindow::Curves));
    QTRY_VERIFY(arrived.size() > 0);
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    QCOMPARE(points(test), 34);
}

void TestMainWindow::saysThatTheLossIsNoNumber()
{
    FakeScript script;
    script.nanAtStep = 20;
    WindowUnderTest test(script);
    test.enter();
    test.click("train");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    const QString text = test.label("runMessage");
    QVERIFY2(text.startsWith(QLatin1String("Stopped at step 20: the loss is not a number.")),
             qPrintable(text));
    QVERIFY(test.button("trainGentler")->isVisible());
    QVERIFY(!test.button("trainAgain")->isVisible());
    QCOMPARE(points(test), 19); // what is no number is no point
}

void TestMainWindow::triesAgainWithATenthOfTheLearningRate()
{
    FakeScript script;
    script.nanAtStep = 20;
    WindowUnderTest test(script);
    test.enter();
    test.click("train");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    const auto first = test.bridge().runFolder();
    test.click("trainGentler");
    QTRY_VERIFY_WITH_TIMEOUT(test.bridge().runFolder() != first && test.ended(), 60'000);
    QCOMPARE(test.bridge().runPlan().learningRate, 0.0001);
    QCOMPARE(test.child<QLineEdit>("learning_rate")->text(), QStringLiteral("0.0001"));
}

void TestMainWindow::saysThatMemoryIsOut()
{
    FakeScript script;
    script.failAtStep = 5;
    WindowUnderTest test(script);
    test.enter();
    test.click("train");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    QCOMPARE(test.label("runMessage"),
             QStringLiteral("The device ran out of memory: a smaller batch needs less."));
    QTRY_VERIFY(test.button("train")->isEnabled());
}

void TestMainWindow::saysWhyTheEngineRefuses()
{
    FakeScript script;
    script.checkFails = Error{ErrorKind::Device, "The card is gone: choose another device.", {}};
    WindowUnderTest test(script);
    QTRY_COMPARE(test.verdict(), QStringLiteral("The card is gone: choose another device."));
    QVERIFY(!test.button("train")->isEnabled());
    QCOMPARE(test.button("train")->accessibleDescription(), test.verdict());
}

void TestMainWindow::stopsInTheMiddleOfASlowEpoch()
{
    FakeScript script;
    script.validationSeconds = 3600;
    WindowUnderTest test(script);
    test.enter();
    test.click("train");
    QTRY_COMPARE(test.bridge().meter().step(), 17);
    test.choose("stopNow");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    QCOMPARE(test.bridge().meter().finished()->outcome, Outcome::Stopped);
}

void TestMainWindow::pausesAndResumes()
{
    WindowUnderTest test(slow());
    test.enter(test.plan(50));
    test.click("train");
    QTRY_VERIFY(test.bridge().meter().step() > 0);
    test.click("pause");
    QTRY_COMPARE(test.bridge().phase(), Bridge::Phase::Paused);
    QCOMPARE(test.button("pause")->text().remove(QLatin1Char('&')), QStringLiteral("Resume"));
    const auto step = test.bridge().meter().step();
    test.click("pause");
    QTRY_COMPARE(test.bridge().phase(), Bridge::Phase::Running);
    QTRY_VERIFY(test.bridge().meter().step() > step);
    test.choose("stopNow");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
}

void TestMainWindow::stopsAfterTheEpoch()
{
    WindowUnderTest test(slow(0.005));
    test.enter(test.plan(50));
    test.click("train");
    QTRY_VERIFY(test.bridge().meter().step() > 0);
    test.choose("stopAfterEpoch");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    QCOMPARE(test.bridge().meter().finished()->outcome, Outcome::Stopped);
    QCOMPARE(test.bridge().meter().finished()->lastStep % 17, 0);
    QVERIFY(test.label("runDetail").startsWith(QLatin1String("Stopped. Test accuracy")));
}

// The GUI thread does nothing until the run has ended on disk; then every step comes in.
void TestMainWindow::losesNothingWhileTheWindowStalls()
{
    WindowUnderTest test;
    test.enter(test.plan(5));
    test.click("train");
    QTRY_VERIFY(!test.bridge().runFolder().empty());
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (readRunSummary(test.bridge().runFolder()).state == RunState::Running) {
        QVERIFY(std::chrono::steady_clock::now() < deadline);
        std::this_thread::yield();
    }
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    QCOMPARE(points(test), 5 * 17);
}

void TestMainWindow::changesTheLearningRateWhileRunning()
{
    WindowUnderTest test(slow());
    test.enter(test.plan(50));
    test.click("train");
    QTRY_VERIFY(test.bridge().meter().step() > 0);
    test.choose("changeLearningRate");
    auto* dialog = test.child<QInputDialog>("learningRateDialog");
    dialog->setTextValue(QStringLiteral("0.01"));
    dialog->accept();
    QTRY_COMPARE(test.bridge().runLearningRate(), 0.01);
    test.choose("stopNow");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
}

void TestMainWindow::refusesABadLearningRateWhileRunning()
{
    WindowUnderTest test(slow());
    test.enter(test.plan(50));
    test.click("train");
    QTRY_VERIFY(test.bridge().meter().step() > 0);
    test.choose("changeLearningRate");
    auto* dialog = test.child<QInputDialog>("learningRateDialog");
    dialog->setTextValue(QStringLiteral("fast"));
    dialog->accept();
    // Asked again, with what was typed and what is wrong with it.
    QTRY_COMPARE(test.window().findChildren<QInputDialog*>().size(), 1);
    dialog = test.child<QInputDialog>("learningRateDialog");
    QCOMPARE(dialog->textValue(), QStringLiteral("fast"));
    QVERIFY2(dialog->labelText().contains(QLatin1String("found \"fast\"")), qPrintable(dialog->labelText()));
    dialog->reject();
    QCOMPARE(test.bridge().runLearningRate(), 0.001);
    test.choose("stopNow");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
}

void TestMainWindow::opensNoPageByItself()
{
    WindowUnderTest test(slow(0.002));
    auto* tabs = test.child<QTabBar>("centreTabs");
    QCOMPARE(tabs->currentIndex(), int(MainWindow::Overview));
    QVERIFY(!tabs->isTabEnabled(MainWindow::Curves)); // no empty axes
    test.enter();
    test.click("train");
    tabs->setCurrentIndex(MainWindow::Log);
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    QCOMPARE(tabs->currentIndex(), int(MainWindow::Log));
    QVERIFY(test.window().findChildren<QDialog*>().isEmpty());
}

void TestMainWindow::findsTheWayBackToTheRunningOne()
{
    WindowUnderTest test(slow());
    const auto old = test::trainFake(test.runs(), test.folder() / "data", {});
    test.enter(test.plan(1000));
    test.click("train");
    QTRY_VERIFY(test.bridge().meter().step() > 0);
    QVERIFY(!test.button("backToRunning")->isVisible());
    Q_EMIT test.window().findChild<RunsPage*>()->runsChosen({old});
    QTRY_VERIFY(test.button("backToRunning")->isVisible());
    QVERIFY(!test.child<CurvesPage>("curvesPage")->isLive());
    QVERIFY(test.button("pause")->isVisible()); // the bar stays that of the running one
    test.click("backToRunning");
    QVERIFY(test.child<CurvesPage>("curvesPage")->isLive());
    QVERIFY(!test.button("backToRunning")->isVisible());
    test.choose("stopNow");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
}

void TestMainWindow::asksBeforeItClosesARun()
{
    WindowUnderTest test(slow());
    test.enter(test.plan(1000));
    test.click("train");
    QTRY_VERIFY(test.bridge().meter().step() > 0);
    QVERIFY(!test.window().close());
    QVERIFY(test.window().isVisible());
    QTest::mouseClick(test.button("stopAndClose"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!test.window().isVisible(), 60'000);
    const RunSummary run = readRunSummary(test.bridge().runFolder());
    QCOMPARE(run.state, RunState::Finished);
    QCOMPARE(run.record.finished->outcome, Outcome::Stopped);
    const auto checkpoints = listCheckpoints(test.bridge().runFolder());
    QVERIFY(!checkpoints.empty());
    QCOMPARE(checkpoints.back().step, run.record.finished->lastStep);
}

void TestMainWindow::keepsTrainingWhenClosingIsDeclined()
{
    WindowUnderTest test(slow());
    test.enter(test.plan(1000));
    test.click("train");
    QTRY_VERIFY(test.bridge().meter().step() > 0);
    test.window().close();
    auto* box = test.child<QMessageBox>("closeQuestion");
    box->reject();
    const auto step = test.bridge().meter().step();
    QTRY_VERIFY(test.bridge().meter().step() > step);
    QVERIFY(test.window().isVisible());
    test.choose("stopNow");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
}

void TestMainWindow::saysWhatToDoWithoutLibTorch()
{
    auto there = std::make_shared<std::atomic<bool>>(false);
    WindowUnderTest test([there]() -> Expected<std::shared_ptr<Engine>> {
        if (!*there)
            return failure(ErrorKind::NotFound, "LibTorch was not found: run installer/setup.");
        return std::make_shared<FakeEngine>();
    });
    QTRY_COMPARE(test.verdict(), QStringLiteral("LibTorch was not found: run installer/setup."));
    QVERIFY(!test.button("train")->isEnabled());
    QVERIFY(test.button("tryEngineAgain")->isVisible());
    QTRY_VERIFY(test.bridge().data().train); // everything else still works
    *there = true;
    test.click("tryEngineAgain");
    QTRY_VERIFY(test.button("train")->isEnabled());
    QVERIFY(!test.button("tryEngineAgain")->isVisible());
}

void TestMainWindow::takesTheDevicesToOneLineWhereItIsNarrow()
{
    WindowUnderTest test;
    test.window().resize(1280, 800);
    QTRY_VERIFY(test.child<QWidget>("rightPanel")->isVisible());
    QVERIFY(!test.child<QWidget>("statusLine")->isVisible());
    test.window().resize(1024, 640);
    QTRY_VERIFY(!test.child<QWidget>("rightPanel")->isVisible());
    QVERIFY(test.child<QWidget>("statusLine")->isVisible());
    QCOMPARE(test.window().size(), QSize(1024, 640));
    const QWidget* train = test.button("train");
    QVERIFY(test.window().rect().contains(QRect(train->mapTo(&test.window(), QPoint()), train->size())));
}

void TestMainWindow::remembersItsGeometry()
{
    {
        WindowUnderTest test;
        test.window().resize(1111, 711);
        QVERIFY(test.window().close());
    }
    WindowUnderTest test;
    QCOMPARE(test.window().size(), QSize(1111, 711));
    QSettings().clear();
}

void TestMainWindow::isReachableByKeyboard()
{
    WindowUnderTest test(slow());
    test.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&test.window()));
    test.enter(test.plan(1000));
    QTest::keyClick(&test.window(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(test.bridge().meter().step() > 0);
    QTest::keyClick(&test.window(), Qt::Key_P, Qt::ControlModifier);
    QTRY_COMPARE(test.bridge().phase(), Bridge::Phase::Paused);
    QTest::keyClick(&test.window(), Qt::Key_6, Qt::ControlModifier);
    QCOMPARE(test.child<QTabBar>("centreTabs")->currentIndex(), int(MainWindow::Log));
    QTest::keyClick(&test.window(), Qt::Key_R, Qt::ControlModifier);
    QTRY_VERIFY(test.window().findChild<RunsPage*>()->isVisible());
    QTest::keyClick(&test.window(), Qt::Key_Period, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    for (const QAbstractButton* each : test.window().findChildren<QAbstractButton*>())
        QVERIFY2(!each->isVisible() || !each->text().isEmpty() ||
                     (!each->accessibleName().isEmpty() && !each->toolTip().isEmpty()),
                 qPrintable(each->objectName() + QLatin1String(" has neither text nor name")));
}

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
