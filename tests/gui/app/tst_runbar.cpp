// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/runbar.h"
#include "gui/pages/devicesections.h"
#include "gui/pages/newrunpage.h"
#include "tests/gui/support/windowundertest.h"

#include <QListView>
#include <QSignalSpy>
#include <QTabBar>
#include <atomic>

using namespace torchdesk;
using test::WindowUnderTest;

/// What the bar of the active run, and the panel beside it, say when a run has ended or could not begin.
class TestRunBar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { test::prepareGui(); }
    void init() { test::failOnWarnings(); }

    void keepsItsFiguresWhole_data() { namesItsButtonsInFull_data(); }
    void keepsItsFiguresWhole();
    void showsAnEarlierRun();
    void namesItsButtonsInFull_data();
    void namesItsButtonsInFull();
    void exportsTheWeightsOfADivergedRun();
    void exportsTheWeightsOfAStoppedRun();
    void offersNothingWithoutWeights();
    void keepsWhyTheRunWasRefused();
    void saysInTheEnvironmentThatLibTorchIsMissing();
};

namespace {

QString environment(const WindowUnderTest& test)
{
    for (const FactRows* rows : test.child<QWidget>("devicePanel")->findChildren<FactRows*>())
        for (const FactRows::Row& row : rows->rows())
            if (row.name == QLatin1String("LibTorch"))
                return row.value;
    return {};
}

/// Clicks the row of a run in the list.
void chooseRun(WindowUnderTest& test, int row)
{
    test.child<QTabBar>("leftTabs")->setCurrentIndex(1);
    auto* list = test.child<QListView>("runList");
    QTRY_VERIFY(list->model()->rowCount() > row);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                      list->visualRect(list->model()->index(row, 0)).center());
}

/// The words of a button or label fit into it.
bool isWhole(const QAbstractButton* button)
{
    return button->isVisible() && button->width() >= button->sizeHint().width();
}

} // namespace

// Also where the way back to the run takes room.
void TestRunBar::keepsItsFiguresWhole()
{
    QFETCH(QSize, size);
    FakeScript script;
    script.secondsPerStep = 0.005;
    WindowUnderTest test(script);
    test.window().resize(size);
    test.enter(test.plan(1));
    test.click("train");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    test.enter(test.plan(1000));
    test.click("train");
    QTRY_VERIFY(test.bridge().meter().step() > 40);
    chooseRun(test, 1);
    QTRY_VERIFY(test.button("backToRunning")->isVisible());
    for (const char* name : {"runEpoch", "runTimeLeft"}) {
        const auto* label = test.child<QWidget>(name);
        QTRY_VERIFY2(label->isVisible() && label->width() >= label->sizeHint().width(), name);
    }
    for (const char* name : {"backToRunning", "pause", "stop"})
        QTRY_VERIFY2(isWhole(test.button(name)), name);
    test.click("backToRunning");
    QVERIFY(test.child<QListView>("runList")->selectionModel()->selectedIndexes().isEmpty());
    test.bridge().stopNow();
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
}

// What the buttons do, they do to the run that is shown.
void TestRunBar::showsAnEarlierRun()
{
    WindowUnderTest test;
    std::vector<std::filesystem::path> folders;
    for (int epochs : {2, 1}) {
        test.enter(test.plan(epochs));
        test.click("train");
        QTRY_VERIFY_WITH_TIMEOUT(test.ended() && test.bridge().runPlan().epochs == epochs, 60'000);
        folders.push_back(test.bridge().runFolder());
    }
    chooseRun(test, 1); // the newest is the first of the list
    const QSignalSpy wanted(test.window().findChild<RunBar*>(), &RunBar::exportWanted);
    QVERIFY(test.label("runDetail").contains(QLatin1String("best epoch")));
    test.click("exportRun");
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][0].value<std::filesystem::path>(), folders[0]);
    QVERIFY(!test.button("trainAgain")->isVisible());
}

void TestRunBar::namesItsButtonsInFull_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("wide") << QSize(1280, 800);
    QTest::newRow("narrow") << QSize(1024, 640);
}

void TestRunBar::namesItsButtonsInFull()
{
    QFETCH(QSize, size);
    WindowUnderTest test;
    test.window().resize(size);
    test.enter();
    test.click("train");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended(), 60'000);
    QTRY_COMPARE(test.button("useRun")->text(), QStringLiteral("&Use on new pictures…"));
    QCOMPARE(test.button("exportRun")->text(), QStringLiteral("&Export weights…"));
    QCOMPARE(test.button("trainAgain")->text(), QStringLiteral("Train &again"));
    for (const char* name : {"useRun", "exportRun", "trainAgain"})
        QTRY_VERIFY2(isWhole(test.button(name)), name);
    const auto* detail = test.child<QLabel>("runDetail");
    QVERIFY(detail->width() >= 180);
    QTRY_VERIFY(detail->height() >= detail->heightForWidth(detail->width()));
    const QWidget* bar = test.child<QWidget>("runBar");
    QVERIFY(bar->rect().contains(QRect(detail->mapTo(bar, QPoint()), detail->size())));
}

void TestRunBar::exportsTheWeightsOfADivergedRun()
{
    FakeScript script;
    script.nanAtStep = 20;
    WindowUnderTest test(script);
    test.enter();
    test.click("train");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended() && test.button("exportRun")->isVisible(), 60'000);
    QVERIFY(test.button("trainGentler")->isVisible());
    QVERIFY(!test.button("useRun")->isVisible());
    test.click("exportRun");
    QTRY_VERIFY(test.window().findChild<QWidget*>(QStringLiteral("exportDialog")));
}

void TestRunBar::exportsTheWeightsOfAStoppedRun()
{
    FakeScript script;
    script.validationSeconds = 3600;
    WindowUnderTest test(script);
    test.enter();
    test.click("train");
    QTRY_COMPARE(test.bridge().meter().step(), 17);
    test.choose("stopNow");
    QTRY_VERIFY_WITH_TIMEOUT(test.ended() && test.button("exportRun")->isVisible(), 60'000);
    QVERIFY(test.button("useRun")->isVisible());
    QVERIFY(test.button("trainAgain")->isVisible());
}

void TestRunBar::offersNothingWithoutWeights()
{
    FakeScript script;
    script.nanAtStep = 5;
    WindowUnderTest test(script);
    QSignalSpy finished(&test.bridge(), &Bridge::runFinished);
    test.enter();
    test.click("train");
    QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty(), 60'000);
    QCOMPARE(test.button("exportRun")->isVisible(), test.bridge().runHasWeights());
    QVERIFY(test.button("trainGentler")->isVisible());
}

// The engine is loaded after the plan was refused; that alone must not take the sentence away.
void TestRunBar::keepsWhyTheRunWasRefused()
{
    test::ScopedVariable searched("TORCHDESK_DATA", "/nowhere/at/all");
    WindowUnderTest test;
    TrainingPlan plan = test.plan();
    const std::string there = plan.data;
    plan.data = "mnist";
    QSignalSpy refused(&test.bridge(), &Bridge::runRefused);
    test.window().trainPlan(plan);
    QTRY_VERIFY(refused.size() > 0);
    QTRY_VERIFY(test.bridge().engine());
    QSignalSpy checked(&test.bridge(), &Bridge::planChecked);
    test.bridge().setPlan(test.bridge().plan());
    QTRY_VERIFY(checked.size() > 1 && test.bridge().verdict().state == Verdict::State::Wrong);
    QCOMPARE(test.label("runMessage"), QStringLiteral("MNIST was not found. The log says more."));
    QVERIFY(test.child<QLabel>("runMessage")->isVisible());
    plan.data = there;
    test.child<NewRunPage>("newRunPage")->showPlan(plan);
    QTRY_VERIFY(test.label("runMessage").startsWith(QLatin1String("Press Train to begin.")));
}

void TestRunBar::saysInTheEnvironmentThatLibTorchIsMissing()
{
    auto problem = std::make_shared<std::atomic<int>>(0);
    WindowUnderTest test([problem]() -> Expected<std::shared_ptr<Engine>> {
        if (*problem == 0)
            return failure(ErrorKind::NotFound, "LibTorch was not found: run installer/setup.");
        if (*problem == 1)
            return failure(ErrorKind::Unsupported, "LibTorch 1.0 was found, wanted 2.11.");
        return std::make_shared<FakeEngine>();
    });
    QTRY_COMPARE(environment(test), QStringLiteral("missing"));
    QCOMPARE(test.label("engineProblem"), QStringLiteral("LibTorch was not found: run installer/setup."));
    *problem = 1;
    test.bridge().tryEngineAgain();
    QTRY_COMPARE(environment(test), QStringLiteral("cannot be used"));
    *problem = 2;
    test.bridge().tryEngineAgain();
    QTRY_VERIFY(test.bridge().engine());
    QTRY_COMPARE(environment(test), QString::fromStdString(test.bridge().engineInfo().version));
}

QTEST_MAIN(TestRunBar)
#include "tst_runbar.moc"
