// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/columnspans.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace torchdesk;

class TestColumnSpans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void coversTheExtremesOfEachColumn();
    void joinsNeighbours();
    void leavesGapsEmpty();
    void cutsWhatIsOutside();
    void takesPointsThatGoBack();
};

void TestColumnSpans::coversTheExtremesOfEachColumn()
{
    QList<QPointF> piece;
    for (int i = 0; i <= 1000; ++i)
        piece.append({i / 1000.0, std::sin(i * 12.9898) * (1 + i / 500)});
    const auto spans = columnSpans({piece}, 10);
    QCOMPARE(spans.size(), std::size_t{10});
    for (const QPointF& point : piece) {
        const ColumnSpan& span = spans[std::size_t(std::min(9, int(point.x() * 10)))];
        QVERIFY(span.low <= point.y() && point.y() <= span.high);
    }
    QVERIFY(spans[9].high > 1.9 && spans[1].high < 1.1);
}

/// A line from the first to the last column passes all between, from edge to edge.
void TestColumnSpans::joinsNeighbours()
{
    const auto spans = columnSpans({{{0, 0}, {1, 1}}}, 4);
    for (std::size_t column = 0; column < 4; ++column) {
        QCOMPARE(spans[column].low, double(column) / 4);
        QCOMPARE(spans[column].high, double(column + 1) / 4);
    }
}

void TestColumnSpans::leavesGapsEmpty()
{
    const auto spans = columnSpans({{{0, 1}, {0.2, 2}}, {{0.9, 5}}}, 10);
    QVERIFY(!spans[0].empty() && !spans[2].empty() && !spans[9].empty());
    for (std::size_t column = 3; column < 9; ++column)
        QVERIFY(spans[column].empty());
    QCOMPARE(spans[9].low, 5.0);
    QVERIFY(columnSpans({}, 3)[1].empty());
    QVERIFY(columnSpans({{{0, 1}}}, 0).empty());
}

void TestColumnSpans::cutsWhatIsOutside()
{
    const auto spans = columnSpans({{{-3, 0}, {4, 7}}}, 7);
    QCOMPARE(spans.size(), std::size_t{7});
    QCOMPARE(spans[0].low, 3.0);
    QCOMPARE(spans[6].high, 4.0);
}

void TestColumnSpans::takesPointsThatGoBack()
{
    const auto spans = columnSpans({{{0.9, 1}, {0.1, 0}}}, 2);
    QCOMPARE(spans[0].low, 0.0);
    QCOMPARE(spans[0].high, 0.5);
    QCOMPARE(spans[1].high, 1.0);
}

QTEST_GUILESS_MAIN(TestColumnSpans)
#include "tst_columnspans.moc"
