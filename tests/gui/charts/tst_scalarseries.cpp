// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/scalarseries.h"
#include "gui/charts/smoothing.h"
#include "gui/charts/ticks.h"
#include "gui/charts/valuerange.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace torchdesk;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

ScalarSeries noisy(int count)
{
    ScalarSeries series;
    unsigned state = 7;
    for (int i = 0; i < count; ++i) {
        state = state * 1664525u + 1013904223u;
        series.append(i, double(state >> 8) / 16777216.0);
    }
    return series;
}

qsizetype countOf(const ScalarSeries::Pieces& pieces)
{
    qsizetype count = 0;
    for (const auto& piece : pieces)
        count += piece.size();
    return count;
}

bool holds(const ScalarSeries::Pieces& pieces, const QPointF& point)
{
    for (const auto& piece : pieces)
        if (piece.contains(point))
            return true;
    return false;
}

} // namespace

class TestScalarSeries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsEveryPoint();
    void keepsExtremesAtEveryLength_data();
    void keepsExtremesAtEveryLength();
    void givesAtMostTwoThousandPoints();
    void endsAtTheNewestPoint();
    void drawsFewPointsAsTheyAre();
    void reachesTheEdges();
    void smoothsAsTensorBoardDoes();
    void smoothingPassesOverNaN();
    void smoothingCanBeChangedLater();
    void breaksAtGaps();
    void findsTheNearest();
    void takesStepsThatGoBack();
    void knowsTimesOnlyWhenAllHaveThem();
    void placesTicks();
    void labelsTicks();
    void choosesARobustRange();
};

void TestScalarSeries::keepsEveryPoint()
{
    const ScalarSeries series = noisy(100'000);
    QCOMPARE(series.count(), std::size_t(100'000));
    unsigned state = 7;
    for (std::size_t i = 0; i < series.count(); ++i) {
        state = state * 1664525u + 1013904223u;
        if (series.steps()[i] != double(i) || series.values()[i] != double(state >> 8) / 16777216.0)
            QFAIL(qPrintable(QStringLiteral("point %1 differs").arg(i)));
    }
}

void TestScalarSeries::keepsExtremesAtEveryLength_data()
{
    QTest::addColumn<int>("count");
    for (const int count : {10, 1999, 2001, 4096, 4097, 65535, 300'000})
        QTest::newRow(qPrintable(QString::number(count))) << count;
}

void TestScalarSeries::keepsExtremesAtEveryLength()
{
    QFETCH(int, count);
    ScalarSeries series = noisy(count);
    series.append(count, 50.0);
    series.append(count + 1, -50.0);
    for (int i = 0; i < count / 3; ++i)
        series.append(count + 2 + i, 0.5);
    const auto pieces = series.reduce(XKind::Step, 0, 2.0 * count, false, 800);
    QVERIFY(holds(pieces, QPointF(count, 50)));
    QVERIFY(holds(pieces, QPointF(count + 1, -50)));
}

void TestScalarSeries::givesAtMostTwoThousandPoints()
{
    for (const int count : {1, 1999, 2000, 2001, 12'345, 1'000'000}) {
        ScalarSeries series = noisy(count);
        const auto pieces = series.reduce(XKind::Step, 0, count, false, 100'000);
        QVERIFY2(countOf(pieces) <= qsizetype(ScalarSeries::maximumPoints),
                 qPrintable(QString::number(count)));
        QVERIFY(countOf(pieces) >= std::min(count, 450));
    }
}

void TestScalarSeries::endsAtTheNewestPoint()
{
    for (const int count : {5'000, 50'001, 100'003}) {
        ScalarSeries series = noisy(count);
        const auto pieces = series.reduce(XKind::Step, 0, count, false, 500);
        QCOMPARE(pieces.back().back(), QPointF(count - 1, series.values().back()));
    }
}

void TestScalarSeries::drawsFewPointsAsTheyAre()
{
    ScalarSeries series;
    const std::vector<double> x{1, 2, 3}, y{5, 4, 6};
    series.append(x, y);
    const auto pieces = series.reduce(XKind::Step, 0, 10, false, 800);
    QCOMPARE(pieces.size(), std::size_t(1));
    QCOMPARE(pieces[0], (QList<QPointF>{{1, 5}, {2, 4}, {3, 6}}));
}

void TestScalarSeries::reachesTheEdges()
{
    ScalarSeries series = noisy(100);
    const auto pieces = series.reduce(XKind::Step, 40.5, 50.5, false, 800);
    QCOMPARE(pieces[0].front().x(), 40.0);
    QCOMPARE(pieces[0].back().x(), 51.0);
}

void TestScalarSeries::smoothsAsTensorBoardDoes()
{
    // By hand for w = 0.6 and 1, 2, 4: sums 0.4, 1.04, 2.224; divided by 1 − 0.6, 1 − 0.36, 1 − 0.216.
    ScalarSeries series;
    series.setSmoothing(0.6);
    const std::vector<double> x{1, 2, 3}, y{1, 2, 4};
    series.append(x, y);
    const auto smoothed = series.smoothed();
    QCOMPARE(smoothed.size(), std::size_t(3));
    QVERIFY(std::abs(smoothed[0] - 1.0) < 1e-12);
    QVERIFY(std::abs(smoothed[1] - 1.625) < 1e-12);
    QVERIFY(std::abs(smoothed[2] - 2.224 / 0.784) < 1e-12);
}

void TestScalarSeries::smoothingPassesOverNaN()
{
    Smoother smoother(0.5);
    QCOMPARE(smoother.next(2), 2.0);
    QVERIFY(std::isnan(smoother.next(notANumber)));
    QVERIFY(std::isinf(smoother.next(std::numeric_limits<double>::infinity())));
    // As if the two had not been: (0.5·1 + 0.5·5) / 0.75.
    QCOMPARE(smoother.next(5), 3.0 / 0.75);
}

void TestScalarSeries::smoothingCanBeChangedLater()
{
    ScalarSeries series = noisy(5000);
    series.setSmoothing(0.9);
    const std::vector<double> early(series.smoothed().begin(), series.smoothed().end());
    series.setSmoothing(0);
    QCOMPARE(series.smoothed()[17], series.values()[17]);
    series.setSmoothing(0.9);
    series.append(5000, 0.25);
    QCOMPARE(series.smoothed().size(), std::size_t(5001));
    QCOMPARE(series.smoothed()[4999], early[4999]);
}

void TestScalarSeries::breaksAtGaps()
{
    ScalarSeries series;
    const std::vector<double> x{1, 2, 3, 4, 5}, y{1, 2, notANumber, 4, 0};
    series.append(x, y);
    auto pieces = series.reduce(XKind::Step, 0, 9, false, 800);
    QCOMPARE(pieces.size(), std::size_t(2));
    QCOMPARE(pieces[1], (QList<QPointF>{{4, 4}, {5, 0}}));
    // On a logarithmic axis 0 is a gap as well.
    const auto place = [](double value) { return value > 0 ? std::log10(value) : notANumber; };
    pieces = series.reduce(XKind::Step, 0, 9, false, 800, place);
    QCOMPARE(countOf(pieces), 3);
    // One NaN among a hundred thousand does not hide its neighbours, and a stretch of them is a gap.
    ScalarSeries longer = noisy(50'000);
    for (int i = 0; i < 50'000; ++i)
        longer.append(50'000 + i, notANumber);
    longer.append(100'000, 0.5);
    pieces = longer.reduce(XKind::Step, 0, 100'000, false, 500);
    QCOMPARE(pieces.size(), std::size_t(2));
    QCOMPARE(pieces[1], (QList<QPointF>{{100'000, 0.5}}));
}

void TestScalarSeries::findsTheNearest()
{
    ScalarSeries series;
    QVERIFY(!series.nearest(XKind::Step, 3));
    const std::vector<double> x{10, 20, 30}, y{1, 2, 3};
    series.append(x, y);
    QCOMPARE(*series.nearest(XKind::Step, -5), std::size_t(0));
    QCOMPARE(*series.nearest(XKind::Step, 16), std::size_t(1));
    QCOMPARE(*series.nearest(XKind::Step, 99), std::size_t(2));
}

void TestScalarSeries::takesStepsThatGoBack()
{
    // An event file of a run that was continued from an earlier step.
    ScalarSeries series;
    const std::vector<double> x{1, 2, 3, 2, 3, 4}, y{9, 8, 7, 6, 5, 4};
    series.append(x, y);
    QCOMPARE(series.extent(XKind::Step)->lowest, 1.0);
    QCOMPARE(series.extent(XKind::Step)->highest, 4.0);
    QCOMPARE(countOf(series.reduce(XKind::Step, 2, 4, false, 800)), 6);
    QCOMPARE(series.steps()[*series.nearest(XKind::Step, 4)], 4.0);
}

void TestScalarSeries::knowsTimesOnlyWhenAllHaveThem()
{
    ScalarSeries series;
    series.append(1, 5, 0.5);
    QVERIFY(series.hasTimes());
    QCOMPARE(series.reduce(XKind::Time, 0, 1, false, 10)[0], (QList<QPointF>{{0.5, 5}}));
    series.append(2, 5);
    QVERIFY(!series.hasTimes());
}

void TestScalarSeries::placesTicks()
{
    QCOMPARE(niceStep(0.24), 0.25);
    QCOMPARE(niceStep(0.3), 0.5);
    QCOMPARE(niceStep(1.0), 1.0);
    QCOMPARE(niceStep(7), 10.0);
    // Whole epochs where their length is known.
    const auto epochs = stepTicks(0, 3030, 8, 420, false);
    QCOMPARE(epochs.size(), std::size_t(8));
    QCOMPARE(epochs[1].value, 420.0);
    QCOMPARE(epochs[7].label, QStringLiteral("2,940"));
    QCOMPARE(stepTicks(0, 3030, 8, 420, true)[7].label, QStringLiteral("7"));
    QVERIFY(linearTicks(0, 1e-300, 4, ValueUnit::Number).size() < 60);
    QVERIFY(linearTicks(notANumber, 1, 4, ValueUnit::Number).empty());
}

void TestScalarSeries::labelsTicks()
{
    QStringList labels;
    for (const Tick& tick : linearTicks(0, 1, 4, ValueUnit::Number))
        labels << tick.label;
    QCOMPARE(labels, (QStringList{"0", "0.25", "0.5", "0.75", "1"}));
    labels.clear();
    for (const Tick& tick : linearTicks(0, 1, 4, ValueUnit::Percent))
        labels << tick.label;
    QCOMPARE(labels, (QStringList{"0 %", "25 %", "50 %", "75 %", "100 %"}));
    labels.clear();
    for (const Tick& tick : logarithmicTicks(-2, 0, 6, ValueUnit::Number))
        labels << tick.label;
    QCOMPARE(labels, (QStringList{"0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"}));
    QCOMPARE(timeTicks(0, 600, 5)[1].label, QStringLiteral("2 min"));
    QCOMPARE(figureText(0.07123, ValueUnit::Number), QStringLiteral("0.0712"));
    QCOMPARE(figureText(0.979, ValueUnit::Percent), QStringLiteral("97.9 %"));
    QCOMPARE(figureText(notANumber, ValueUnit::Number), QStringLiteral("not a number"));
}

void TestScalarSeries::choosesARobustRange()
{
    // One per cent of huge first values do not flatten the rest.
    std::vector<double> values(1000, 0.4);
    for (int i = 0; i < 10; ++i)
        values[std::size_t(i)] = 100;
    QVERIFY(robustRange(values, {}).high < 1);
    QVERIFY(robustRange(values, {3.0}).high >= 3.0); // a validation point is never cut
    QCOMPARE(robustRange({0.1, 1.0, notANumber}, {}), (ValueRange{0, 1}));
    // A constant that was averaged is still one.
    const ValueRange constant = robustRange({0.001, std::nextafter(0.001, 1), 0.001}, {});
    QVERIFY(constant.high - constant.low > 1e-4);
    QCOMPARE(roundedOut({0, 0.93}), (ValueRange{0, 1}));
    QVERIFY(!logarithmicRange({0, -1, notANumber}));
    QCOMPARE(steadied({0, 1}, {0, 0.6}), (ValueRange{0, 1}));
    QCOMPARE(steadied({0, 1}, {0, 0.5}), (ValueRange{0, 0.5}));
}

QTEST_GUILESS_MAIN(TestScalarSeries)
#include "tst_scalarseries.moc"
