// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/eventfile.h"
#include "gui/charts/curvesview.h"
#include "gui/pages/runcurves.h"
#include "gui/pages/scalarsview.h"
#include "tests/gui/pages/pagefixture.h"

#include <QLabel>
#include <QSlider>

using namespace torchdesk;

class TestScalarsView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsAChartForEachTagOfAForeignFolder();
    void anEmptyFolderSaysWhatToDo();
    void curvesOfARunHoldEveryPoint();
};

void TestScalarsView::showsAChartForEachTagOfAForeignFolder()
{
    test::TemporaryFolder root;
    for (const char* name : {"first", "second"}) {
        auto writer = EventFileWriter::create(root / name);
        VERIFY_OK(writer);
        for (int step = 0; step < 100; ++step) {
            writer->add({"eval/f1", step, 1000.0 + step, 0.5f});
            writer->add({"train/perplexity", step, 1000.0 + step, 90.0f});
        }
        VERIFY_OK(writer->flush());
    }
    ScalarsView view;
    view.resize(700, 600);
    view.show();
    view.setFolder(root.path());
    QTRY_COMPARE(view.chartCount(), 2);
    CurveChart* chart = view.chart("eval/f1");
    QVERIFY(chart);
    QTRY_VERIFY(chart->series(2));
    QCOMPARE(chart->series(1)->count() + chart->series(2)->count(), std::size_t{200});
    auto* slider = view.findChild<QSlider*>("smoothingSlider");
    slider->setValue(0);
    QCOMPARE(chart->smoothing(), 0.0);
    slider->setValue(90);
    QCOMPARE(chart->smoothing(), 0.9);
}

void TestScalarsView::anEmptyFolderSaysWhatToDo()
{
    test::TemporaryFolder root;
    ScalarsView view;
    view.show();
    view.setFolder(root.path());
    QTRY_VERIFY(view.findChild<QLabel*>("scalarsProblem")->text().startsWith("No event files were found"));
}

void TestScalarsView::curvesOfARunHoldEveryPoint()
{
    test::PageFixture fixture;
    const auto run = fixture.train(1, 3, 27);
    RunCurves curves;
    curves.resize(700, 600);
    curves.show();
    curves.setRuns({run});
    QTRY_VERIFY(curves.view()->loss()->series(1));
    // 270 pictures train: ten steps an epoch, and one validation point each.
    QTRY_COMPARE(curves.view()->loss()->series(1)->count(), std::size_t{30});
    QTRY_COMPARE(curves.view()->accuracy()->series(2)->count(), std::size_t{3});
}

QTEST_MAIN(TestScalarsView)
#include "tst_scalarsview.moc"
