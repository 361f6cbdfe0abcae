// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/confusion.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// Labels 0 0 0 1 1 2 2 2, answers 0 0 1 1 0 1 1 0, of four classes: nothing was taken for 2, and there is
/// no 3.
ConfusionMatrix sample()
{
    return ConfusionMatrix(4, {2, 1, 0, 0, 1, 1, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0});
}

} // namespace

class TestConfusion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void figuresByHand();
    void addCounts();
    void jsonRoundTrip();
    void badJsonIsRefused_data();
    void badJsonIsRefused();
    void fileOfARun();
};

void TestConfusion::figuresByHand()
{
    const ConfusionMatrix matrix = sample();
    QCOMPARE(matrix.samples(), std::int64_t{8});
    QCOMPARE(matrix.support(0), std::int64_t{3});
    QCOMPARE(matrix.answered(0), std::int64_t{4});
    QCOMPARE(matrix.accuracy().value(), 3.0 / 8);
    QCOMPARE(matrix.precision(0).value(), 2.0 / 4);
    QCOMPARE(matrix.recall(0).value(), 2.0 / 3);
    QCOMPARE(matrix.f1(0).value(), 4.0 / 7);
    QCOMPARE(matrix.precision(1).value(), 1.0 / 4);
    QVERIFY(!matrix.precision(2));
    QCOMPARE(matrix.recall(2).value(), 0.0);
    QCOMPARE(matrix.f1(2).value(), 0.0);
    QVERIFY(!matrix.precision(3) && !matrix.recall(3) && !matrix.f1(3));
    QCOMPARE(matrix.meanF1().value(), (4.0 / 7 + 2.0 / 6 + 0) / 3);
    QVERIFY(!ConfusionMatrix(2).accuracy() && !ConfusionMatrix(2).meanF1());
}

void TestConfusion::addCounts()
{
    ConfusionMatrix matrix(2);
    matrix.add(1, 0);
    matrix.add(1, 0);
    matrix.add(0, 0);
    QVERIFY(matrix == ConfusionMatrix(2, {1, 0, 2, 0}));
}

void TestConfusion::jsonRoundTrip()
{
    const auto read = confusionFromJson(toJson(sample()), "confusion.json");
    VERIFY_OK(read);
    QVERIFY(*read == sample());
    QCOMPARE(toJson(ConfusionMatrix(1, {5})).dump(),
             std::string(R"({"format":1,"classes":1,"counts":[[5]]})"));
}

void TestConfusion::badJsonIsRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("newer") << R"({"format":2,"classes":1,"counts":[[5]]})"
                           << "newer version";
    QTest::newRow("rows") << R"({"format":1,"classes":2,"counts":[[5,1]]})"
                          << "a row for each class";
    QTest::newRow("columns") << R"({"format":1,"classes":1,"counts":[[5,1]]})"
                             << "counts[0]: found 2 values, wanted 1 counts";
    QTest::newRow("negative") << R"({"format":1,"classes":1,"counts":[[-5]]})"
                              << "counts[0]: found -5";
    QTest::newRow("many") << R"({"format":1,"classes":1001,"counts":[]})"
                          << "classes: found 1001";
    QTest::newRow("array") << "[]"
                           << "wanted a JSON object";
}

void TestConfusion::badJsonIsRefused()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    VERIFY_ERROR(confusionFromJson(Json::parse(text.toStdString()), "c.json"), message.toStdString());
}

void TestConfusion::fileOfARun()
{
    const TemporaryFolder folder;
    const auto none = readConfusion(folder.path());
    QVERIFY(!none && none.error().kind == ErrorKind::NotFound);
    VERIFY_OK(writeConfusion(folder.path(), sample()));
    const auto read = readConfusion(folder.path());
    VERIFY_OK(read);
    QVERIFY(*read == sample());
}

QTEST_APPLESS_MAIN(TestConfusion)
#include "tst_confusion.moc"
