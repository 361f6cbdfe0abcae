// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/run/runfolder.h"
#include "gui/charts/chartlegend.h"
#include "gui/charts/curvechart.h"
#include "gui/pages/curvespage.h"
#include "gui/pages/runspage.h"
#include "tests/gui/pages/pagefixture.h"

#include <QApplication>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTimer>

using namespace torchdesk;

class TestRunsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyFolderSaysWhatToDo();
    void laysUpToEightRunsOverEachOther();
    void filters();
    void tellsOverlaidRunsApart();
    void aRenamedRunIsCalledSo();
    void earlierRunsHaveTheLineOfTheCommonestClass();
};

void TestRunsPage::anEmptyFolderSaysWhatToDo()
{
    test::PageFixture fixture;
    RunsPage page(*fixture.bridge);
    page.show();
    QVERIFY(page.findChild<QLabel*>("runsHint")->text().startsWith("No runs yet. Press Train"));
    QVERIFY(!page.findChild<QListView*>("runList")->isVisible());
}

void TestRunsPage::laysUpToEightRunsOverEachOther()
{
    test::PageFixture fixture;
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
        fixture.train(seed);
    RunsPage page(*fixture.bridge);
    page.resize(320, 900);
    QSignalSpy counted(&page, &RunsPage::countChanged);
    std::vector<std::filesystem::path> chosen;
    connect(&page, &RunsPage::runsChosen, this, [&](const auto& runs) { chosen = runs; });
    page.show();
    auto* list = page.findChild<QListView*>("runList");
    QTRY_COMPARE(list->model()->rowCount(), 10);
    QCOMPARE(counted.last().first().toInt(), 10);

    const auto click = [&](int row, Qt::KeyboardModifier modifier) {
        const QPoint at = list->visualRect(list->model()->index(row, 0)).center();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, modifier, at);
    };
    QTRY_VERIFY(list->isVisible());
    click(0, Qt::NoModifier);
    QCOMPARE(chosen.size(), std::size_t{1});
    click(2, Qt::ControlModifier);
    QCOMPARE(chosen.size(), std::size_t{2});
    list->selectAll();
    QCOMPARE(chosen.size(), std::size_t{RunsPage::mostRuns});
    page.clearChoice();
    QVERIFY(page.chosen().empty());
}

void TestRunsPage::aRenamedRunIsCalledSo()
{
    test::PageFixture fixture;
    const std::vector<std::filesystem::path> runs = {fixture.train(2), fixture.train(3)};
    RunsPage page(*fixture.bridge);
    CurvesPage curves(*fixture.bridge);
    connect(&page, &RunsPage::runsChosen, &curves, &CurvesPage::showRuns);
    connect(&page, &RunsPage::runsRenamed, &curves, &CurvesPage::showRuns);
    page.resize(320, 600);
    page.show();
    curves.show();
    auto* list = page.findChild<QListView*>("runList");
    QTRY_COMPARE(list->model()->rowCount(), 2);
    QTRY_VERIFY(list->isVisible());
    list->selectAll();
    const auto legend = [&curves] {
        QString all;
        for (const auto* shown : curves.findChildren<ChartLegend*>())
            all += shown->text();
        return all;
    };
    QTRY_VERIFY(legend().contains("seed 3"));
    list->setCurrentIndex(list->model()->index(0, 0));
    list->selectAll();
    page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    list->setFocus();
    // The dialog of F2, answered in its own event loop.
    QTimer::singleShot(0, this, [] {
        auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog);
        dialog->setTextValue("the good one");
        dialog->accept();
    });
    QTest::keyClick(list, Qt::Key_F2);
    QTRY_VERIFY(legend().contains("the good one"));
}

void TestRunsPage::filters()
{
    test::PageFixture fixture;
    fixture.train(1);
    fixture.train(2);
    RunsPage page(*fixture.bridge);
    page.show();
    auto* list = page.findChild<QListView*>("runList");
    QTRY_COMPARE(list->model()->rowCount(), 2);
    QTest::keyClicks(page.findChild<QLineEdit*>("runFilter"), "seed 2");
    QCOMPARE(list->model()->rowCount(), 1);
    QTest::keyClicks(page.findChild<QLineEdit*>("runFilter"), "x");
    QCOMPARE(page.findChild<QLabel*>("runsHint")->text(), QString("No run matches the filter."));
}

void TestRunsPage::tellsOverlaidRunsApart()
{
    test::PageFixture fixture;
    const std::vector<std::filesystem::path> runs = {fixture.train(2), fixture.train(3)};
    CurvesPage page(*fixture.bridge);
    page.resize(700, 600);
    page.show();
    page.showRuns(runs);
    const auto legend = [&page] {
        QString all;
        for (const auto* shown : page.findChildren<ChartLegend*>())
            all += shown->text();
        return all;
    };
    QTRY_VERIFY2(legend().contains("seed 2") && legend().contains("seed 3"), qPrintable(legend()));
    page.showRuns({runs[1]});
    QTRY_VERIFY2(!legend().contains("seed"), qPrintable(legend()));
}

void TestRunsPage::earlierRunsHaveTheLineOfTheCommonestClass()
{
    test::PageFixture fixture;
    const std::vector<std::filesystem::path> runs = {fixture.train(2), fixture.train(3)};
    const double share = readRunSummary(runs[0]).record.commonestShare.value();
    QVERIFY(share > 0 && share < 1);
    CurvesPage page(*fixture.bridge);
    page.show();
    page.showRuns(runs);
    const auto* chart = page.findChild<QWidget*>("runCurves")->findChild<CurveChart*>("accuracyChart");
    QCOMPARE(chart->reference(), std::optional(share));
    // Of data with other classes there is no one line.
    Json record = parseJson(readText(runs[1] / "run.json").value(), "run.json").value();
    record["commonest_share"] = share / 2;
    test::writeFile(runs[1] / "run.json", record.dump());
    page.showRuns(runs);
    QVERIFY(!chart->reference());
}

QTEST_MAIN(TestRunsPage)
#include "tst_runspage.moc"
