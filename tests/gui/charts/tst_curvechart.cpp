// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/theme.h"
#include "gui/charts/chartlegend.h"
#include "gui/charts/curvesview.h"

#include <QApplication>
#include <QComboBox>
#include <QLineSeries>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <cmath>
#include <limits>

using namespace torchdesk;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

void settle()
{
    QApplication::sendPostedEvents();
    QApplication::processEvents();
}

qsizetype drawnPoints(const CurveChart& chart)
{
    qsizetype count = 0;
    for (const QAbstractSeries* series : chart.plot()->chart()->series())
        count += static_cast<const QLineSeries*>(series)->count();
    return count;
}

void fill(CurveChart& chart, int id, int from, int to)
{
    for (int i = from; i <= to; ++i)
        chart.append(id, i, 1.0 / i);
}

/// How many pixels of a picture have nearly this colour.
int pixelsOf(const QImage& image, const QColor& colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            count += std::abs(pixel.red() - colour.red()) + std::abs(pixel.green() - colour.green()) +
                         std::abs(pixel.blue() - colour.blue()) <
                     24;
        }
    return count;
}

} // namespace

class TestCurveChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void drawsOnlyWhenFlushed();
    void doesNothingWhileHidden();
    void showsTheLatestValues();
    void growsInSteps();
    void zoomStaysUntilFit();
    void keysZoomAndFit();
    void logarithmicAxisTakesZerosAndNaN();
    void followsTheTheme();
    void drawsNoMoreThanThereIsToSee();
    void linkedChartsShareTheRange();
    void showsTopFiveOfOneRun();
    void overlaysUpToEightRuns();
    void offersOnlyWhatWorks();
    void smoothingSliderMovesTheCurve();
    void aDivergedRunFlattensNoOther();
    void validationAboveASmallLossStaysInSight();
    void theCursorAsksOnlyCurvesThatAreThere();
    void survivesEverythingRemoved();
};

void TestCurveChart::initTestCase()
{
    ThemeManager::instance().install(*qApp, Appearance::Light);
}

void TestCurveChart::drawsOnlyWhenFlushed()
{
    CurveChart chart(QStringLiteral("Loss"));
    const int id = chart.addSeries({});
    chart.resize(600, 300);
    chart.show();
    settle();
    const int before = chart.redraws();
    fill(chart, id, 1, 100);
    settle();
    QCOMPARE(chart.redraws(), before);
    chart.flush();
    QCOMPARE(chart.redraws(), before + 1);
    QCOMPARE(drawnPoints(chart), 100);
    settle();
    const int after = chart.redraws();
    chart.flush(); // nothing new
    QCOMPARE(chart.redraws(), after);
}

void TestCurveChart::doesNothingWhileHidden()
{
    CurveChart chart(QStringLiteral("Loss"));
    const int id = chart.addSeries({});
    chart.resize(600, 300);
    fill(chart, id, 1, 5000);
    chart.flush();
    chart.setSmoothing(0.9);
    settle();
    QCOMPARE(chart.redraws(), 0);
    QCOMPARE(drawnPoints(chart), 0);
    QCOMPARE(chart.series(id)->count(), std::size_t(5000));
    chart.show();
    QTRY_VERIFY(drawnPoints(chart) > 0);
    QCOMPARE(chart.series(id)->count(), std::size_t(5000));
}

void TestCurveChart::showsTheLatestValues()
{
    CurveChart chart(QStringLiteral("Loss"));
    const int training =
        chart.addSeries({QStringLiteral("training"), SeriesStyle::Role::Training, 0, false, {}, {}});
    const int validation =
        chart.addSeries({QStringLiteral("validation"), SeriesStyle::Role::Validation, 0, true, {}, {}});
    chart.append(training, 1, 0.25);
    chart.append(training, 2, 0.0712);
    chart.append(validation, 2, 0.04391);
    chart.resize(600, 300);
    chart.show();
    settle();
    QCOMPARE(chart.legend()->text(), QStringLiteral("training 0.0712, validation 0.0439"));
    // The newest figures come, at most twice a second, also after the last flush.
    chart.append(training, 3, 0.05);
    chart.flush();
    QTRY_COMPARE(chart.legend()->text(), QStringLiteral("training 0.0500, validation 0.0439"));
    QCOMPARE(chart.plot()->accessibleDescription(), chart.legend()->text());
    QCOMPARE(chart.plot()->accessibleName(), QStringLiteral("Loss"));
}

void TestCurveChart::growsInSteps()
{
    CurveChart chart(QStringLiteral("Loss"));
    const int id = chart.addSeries({});
    chart.resize(600, 300);
    chart.show();
    QSignalSpy changed(chart.xRange(), &XRange::changed);
    for (int i = 1; i <= 1000; ++i) {
        chart.append(id, i, 0.5);
        chart.flush();
        QVERIFY(chart.xRange()->to() >= i);
    }
    QVERIFY(chart.xRange()->to() <= 1000 * 1.25 + 1);
    // log(1000) / log(1.25) is 31.
    QVERIFY2(changed.count() < 45, qPrintable(QString::number(changed.count())));
}

void TestCurveChart::zoomStaysUntilFit()
{
    CurveChart chart(QStringLiteral("Loss"));
    const int id = chart.addSeries({});
    chart.resize(600, 300);
    chart.show();
    fill(chart, id, 1, 1000);
    chart.flush();
    chart.xRange()->zoomTo(200, 300);
    fill(chart, id, 1001, 3000);
    chart.flush();
    settle();
    QCOMPARE(chart.xRange()->from(), 200.0);
    QCOMPARE(chart.xRange()->to(), 300.0);
    QVERIFY(drawnPoints(chart) <= 103);
    QVERIFY(chart.yRange().high < 0.01); // the range is that of what is visible
    QCOMPARE(chart.series(id)->count(), std::size_t(3000));
    chart.fit();
    settle();
    QVERIFY(!chart.xRange()->isZoomed());
    QVERIFY(chart.xRange()->to() >= 3000);
}

void TestCurveChart::keysZoomAndFit()
{
    CurveChart chart(QStringLiteral("Loss"));
    const int id = chart.addSeries({});
    chart.resize(600, 300);
    chart.show();
    fill(chart, id, 1, 1000);
    chart.flush();
    QTest::keyClick(chart.plot(), Qt::Key_Plus);
    QVERIFY(chart.xRange()->isZoomed());
    const double from = chart.xRange()->from();
    QTest::keyClick(chart.plot(), Qt::Key_Right);
    QVERIFY(chart.xRange()->from() > from);
    QTest::keyClick(chart.plot(), Qt::Key_Home);
    QVERIFY(!chart.xRange()->isZoomed());
    QTest::keyClick(chart.plot(), Qt::Key_Right); // not zoomed: the cursor walks
    QVERIFY(chart.xRange()->cursor().has_value());
    // A drag across takes a stretch of x.
    const QRectF area = chart.plot()->plotArea();
    const auto at = [&](double share) {
        return QPointF(area.left() + share * area.width(), area.center().y()).toPoint();
    };
    QTest::mousePress(chart.plot()->viewport(), Qt::LeftButton, {}, at(0.25));
    QTest::mouseMove(chart.plot()->viewport(), at(0.5));
    QTest::mouseRelease(chart.plot()->viewport(), Qt::LeftButton, {}, at(0.5));
    QVERIFY(chart.xRange()->isZoomed());
    QVERIFY(std::abs(chart.xRange()->from() - 257) < 10);
    QVERIFY(std::abs(chart.xRange()->to() - 515) < 10);
    QTest::mouseDClick(chart.plot()->viewport(), Qt::LeftButton, {}, at(0.5));
    QVERIFY(!chart.xRange()->isZoomed());
}

void TestCurveChart::logarithmicAxisTakesZerosAndNaN()
{
    CurveChart chart(QStringLiteral("Loss"));
    const int id = chart.addSeries({});
    chart.resize(600, 300);
    chart.setLogarithmic(true);
    chart.show();
    const std::vector<double> x{1, 2, 3, 4, 5, 6}, y{1, 0.1, 0, notANumber, -3, 0.01};
    chart.append(id, x, y);
    chart.flush();
    settle();
    QCOMPARE(drawnPoints(chart), 3);
    QVERIFY(std::abs(chart.yRange().low + 2.1) < 0.01);
    QVERIFY(std::abs(chart.yRange().high - 0.1) < 0.01);
    QVERIFY(!chart.plot()->dressing().yTicks.empty());
    // Nothing that a logarithm takes: an axis, no crash.
    CurveChart none(QStringLiteral("Loss"));
    none.append(none.addSeries({}), 1, -1);
    none.setLogarithmic(true);
    none.show();
    none.flush();
    QCOMPARE(drawnPoints(none), 0);
}

void TestCurveChart::followsTheTheme()
{
    CurveChart chart(QStringLiteral("Loss"));
    const int id =
        chart.addSeries({QStringLiteral("training"), SeriesStyle::Role::Training, 0, false, {}, {}});
    chart.resize(600, 300);
    chart.show();
    fill(chart, id, 1, 100);
    chart.flush();
    settle();
    QVERIFY(pixelsOf(chart.grab().toImage(), Theme::lightTheme().training) > 50);
    ThemeManager::instance().setAppearance(Appearance::Dark);
    settle();
    const QImage dark = chart.grab().toImage();
    QVERIFY(pixelsOf(dark, Theme::darkTheme().training) > 50);
    QVERIFY(pixelsOf(dark, Theme::darkTheme().panel) > dark.width() * dark.height() / 2);
    ThemeManager::instance().setAppearance(Appearance::Light);
}

/// The smoothed line has about a point a pixel; what it smooths is a band, and all of it where nothing is
/// smoothed.
void TestCurveChart::drawsNoMoreThanThereIsToSee()
{
    CurveChart chart(QStringLiteral("Loss"));
    const int id = chart.addSeries({});
    chart.setSmoothing(0.6);
    chart.resize(3000, 300);
    chart.show();
    fill(chart, id, 1, 200'000);
    chart.flush();
    settle(); // labels have found their room
    QVERIFY(drawnPoints(chart) > 400);
    QVERIFY(drawnPoints(chart) <= 2000);
    const auto bands = [&] { return chart.plot()->dressing().bands; };
    QCOMPARE(bands().size(), std::size_t{1});
    QCOMPARE(bands()[0].spans.size(), std::size_t(chart.plot()->columns()));
    QCOMPARE(bands()[0].colour, theme().trainingRaw);
    chart.setSmoothing(0);
    chart.flush();
    QCOMPARE(drawnPoints(chart), 0);
    QCOMPARE(bands().size(), std::size_t{1});
    QCOMPARE(bands()[0].colour, theme().training);
    QVERIFY(pixelsOf(chart.grab().toImage(), theme().training) > 1000);
}

void TestCurveChart::showsTopFiveOfOneRun()
{
    CurvesView view;
    view.resize(720, 700);
    view.show();
    const int run = *view.addRun(QStringLiteral("resnet"));
    view.appendValidation(run, 10, 0.5, 0.6);
    view.appendTopFive(run, 10, 0.9);
    view.flush();
    QTRY_COMPARE(view.accuracy()->legend()->text(),
                 QStringLiteral("training, validation 60.0 %, top 5 90.0 %"));
    const int other = *view.addRun(QStringLiteral("another"));
    view.appendTopFive(other, 10, 0.97); // several runs have two curves each, no more
    view.appendValidation(other, 10, 0.4, 0.7);
    view.flush();
    QTRY_COMPARE(view.accuracy()->legend()->text(), QStringLiteral("resnet 60.0 %, another 70.0 %"));
    view.removeRun(run);
    view.flush();
    QTRY_COMPARE(view.accuracy()->legend()->text(), QStringLiteral("training, validation 70.0 %"));
}

void TestCurveChart::linkedChartsShareTheRange()
{
    CurvesView view;
    view.resize(720, 700);
    view.show();
    const int run = *view.addRun(QStringLiteral("lenet"));
    const std::vector<double> x{1, 2, 3, 100}, loss{2, 1, 0.5, 0.25}, accuracy{0.1, 0.5, 0.7, 0.9};
    view.appendTraining(run, x, loss, accuracy);
    view.appendValidation(run, 100, 0.2, 0.95);
    view.flush();
    settle();
    QCOMPARE(view.loss()->xRange(), view.accuracy()->xRange());
    QCOMPARE(view.accuracy()->yRange(), (ValueRange{0, 1}));
    QCOMPARE(view.loss()->plot()->plotArea().left(), view.accuracy()->plot()->plotArea().left());
    QTest::keyClick(view.loss()->plot(), Qt::Key_Plus);
    settle();
    QVERIFY(view.accuracy()->plot()->dressing().xTicks.front().value >= 0);
    QVERIFY(view.loss()->plot()->dressing().xTicks == view.accuracy()->plot()->dressing().xTicks);
    auto* fit = view.findChild<QPushButton*>(QStringLiteral("fitButton"));
    QTest::mouseClick(fit, Qt::LeftButton);
    QVERIFY(!view.loss()->xRange()->isZoomed());
}

void TestCurveChart::overlaysUpToEightRuns()
{
    CurvesView view;
    view.resize(720, 700);
    view.show();
    std::vector<int> runs;
    for (int i = 0; i < maximumRuns; ++i)
        runs.push_back(*view.addRun(QStringLiteral("run %1").arg(i + 1)));
    QVERIFY(!view.addRun(QStringLiteral("one too many")));
    for (const int run : runs)
        view.appendValidation(run, 10, 0.1 * run, 0.9);
    view.flush();
    QTRY_COMPARE(view.loss()->legend()->entries().size(), std::size_t(maximumRuns));
    QVERIFY(view.loss()->legend()->text().startsWith(QStringLiteral("run 1 0.1000, run 2 0.2000")));
    view.removeRun(runs[2]);
    QVERIFY(view.addRun(QStringLiteral("another")).has_value());
}

void TestCurveChart::offersOnlyWhatWorks()
{
    CurvesView view;
    view.resize(720, 700);
    view.show();
    const auto* modes = view.findChild<QComboBox*>(QStringLiteral("xMode"));
    QCOMPARE(modes->count(), 1);
    view.setStepsPerEpoch(420);
    QCOMPARE(modes->count(), 2);
    const int run = *view.addRun(QStringLiteral("lenet"));
    const std::vector<double> x{1, 2}, y{1, 2}, seconds{0.5, 1.0};
    view.appendTraining(run, x, y, y, seconds);
    view.flush();
    QCOMPARE(modes->count(), 3);
    view.clear();
    QCOMPARE(modes->count(), 2);
}

void TestCurveChart::smoothingSliderMovesTheCurve()
{
    CurvesView view;
    view.resize(720, 700);
    view.show();
    QCOMPARE(view.smoothing(), 0.6);
    auto* slider = view.findChild<QSlider*>(QStringLiteral("smoothingSlider"));
    QCOMPARE(slider->value(), 60);
    slider->setValue(0);
    QCOMPARE(view.smoothing(), 0.0);
    slider->setValue(100);
    QCOMPARE(view.smoothing(), 0.999);
}

namespace {

/// Training losses near zero and a validation far above them, as an overfitted network has it.
void overfit(CurveChart& chart, SeriesStyle::Role role, double validation)
{
    const int training = chart.addSeries({QStringLiteral("t"), role, 0, false, {}, {}});
    const int measured = chart.addSeries({QStringLiteral("v"), role, 0, true, {}, {}});
    for (int step = 1; step <= 200; ++step)
        chart.append(training, step, 0.001 + 0.0001 * (step % 2));
    for (int epoch = 1; epoch <= 10; ++epoch)
        chart.append(measured, epoch * 20, validation);
}

} // namespace

void TestCurveChart::aDivergedRunFlattensNoOther()
{
    CurveChart chart(QStringLiteral("Loss"));
    chart.resize(600, 300);
    chart.show();
    overfit(chart, SeriesStyle::Role::Run, 0.3);
    overfit(chart, SeriesStyle::Role::Run, 0.4);
    overfit(chart, SeriesStyle::Role::Run, 1e8);
    chart.flush();
    QVERIFY2(chart.yRange().high >= 0.4 && chart.yRange().high < 1,
             qPrintable(QString::number(chart.yRange().high)));
}

void TestCurveChart::validationAboveASmallLossStaysInSight()
{
    CurveChart chart(QStringLiteral("Loss"));
    chart.resize(600, 300);
    chart.show();
    overfit(chart, SeriesStyle::Role::Validation, 0.3);
    chart.flush();
    QVERIFY2(chart.yRange().high >= 0.3 && chart.yRange().high < 1,
             qPrintable(QString::number(chart.yRange().high)));
}

void TestCurveChart::theCursorAsksOnlyCurvesThatAreThere()
{
    CurveChart chart(QStringLiteral("Loss"));
    chart.resize(600, 300);
    chart.show();
    const int longer = chart.addSeries({QStringLiteral("longer"), SeriesStyle::Role::Run, 0, false, {}, {}});
    const int shorter = chart.addSeries({QStringLiteral("shorter"), SeriesStyle::Role::Run, 1, true, {}, {}});
    fill(chart, longer, 1, 1000);
    for (int epoch = 1; epoch <= 3; ++epoch)
        chart.append(shorter, epoch * 100, 0.5);
    chart.flush();
    const auto named = [&chart](double x) {
        chart.xRange()->setCursor(x);
        settle();
        QStringList names;
        for (const auto& row : chart.plot()->dressing().tip)
            names << row.name;
        return names;
    };
    QCOMPARE(named(150), (QStringList{"longer", "shorter"}));
    QCOMPARE(named(340), (QStringList{"longer", "shorter"})); // less than half an epoch behind its last point
    QCOMPARE(named(900), QStringList{"longer"});
}

void TestCurveChart::survivesEverythingRemoved()
{
    CurvesView view;
    view.resize(720, 700);
    view.show();
    const int run = *view.addRun(QStringLiteral("lenet"));
    view.appendValidation(run, 10, notANumber, 0.5);
    view.flush();
    settle();
    view.clear();
    view.flush();
    settle();
    QCOMPARE(view.runCount(), 0);
    QVERIFY(view.loss()->plot()->dressing().yTicks.empty());
    QVERIFY(!view.loss()->plot()->dressing().hint.isEmpty());
    view.appendValidation(run, 11, 1.0, 0.5); // of a run that is gone: passed over
    view.flush();
}

QTEST_MAIN(TestCurveChart)
#include "tst_curvechart.moc"
