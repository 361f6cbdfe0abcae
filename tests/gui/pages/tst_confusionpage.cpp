// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/confusion.h"
#include "gui/itemmodels/classscoremodel.h"
#include "gui/pages/confusionpage.h"
#include "gui/widgets/confusiongrid.h"
#include "gui/widgets/picturegrid.h"
#include "tests/gui/pages/pagefixture.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTableView>

using namespace torchdesk;

class TestConfusionPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void saysWhatToDoWithoutARun();
    void aRunWithoutAMatrixSaysSo();
    void showsMatrixAndScores();
    void aCellIsSaidInWordsAndReachedByKeys();
    void showsTheWrongPictures();

private:
    static QString text(const ConfusionPage& page, const char* name)
    {
        return page.findChild<QLabel*>(QLatin1String(name))->text();
    }

    test::PageFixture m_fixture;
    std::filesystem::path m_run;
};

namespace {

/// Ten pictures of each class; 3 of "7" were taken for "1", and no picture for "9".
ConfusionMatrix sampleMatrix()
{
    ConfusionMatrix matrix(10);
    for (int label = 0; label < 10; ++label)
        for (int i = 0; i < 10; ++i)
            matrix.add(label, label == 7 && i < 3 ? 1 : label == 9 ? 4 : label);
    return matrix;
}

} // namespace

void TestConfusionPage::initTestCase()
{
    m_run = m_fixture.train();
    VERIFY_OK(writeConfusion(m_run, sampleMatrix()));
}

void TestConfusionPage::saysWhatToDoWithoutARun()
{
    ConfusionPage page(*m_fixture.bridge);
    page.show();
    QVERIFY(text(page, "whyNoConfusion").startsWith("Train a network first"));
}

void TestConfusionPage::aRunWithoutAMatrixSaysSo()
{
    ConfusionPage page(*m_fixture.bridge);
    page.setRun(m_fixture.folder / "runs/absent");
    page.show();
    QTRY_VERIFY(text(page, "whyNoConfusion").contains("absent"));
    QVERIFY(page.findChild<ConfusionGrid*>()->isHidden());
}

void TestConfusionPage::showsMatrixAndScores()
{
    ConfusionPage page(*m_fixture.bridge);
    page.setRun(m_run);
    page.show();
    QTRY_VERIFY(page.findChild<ConfusionGrid*>()->isVisible());
    const QAbstractItemModel* scores = page.findChild<QTableView*>("classScores")->model();
    const auto at = [&](int row, int column) { return scores->index(row, column).data().toString(); };
    QCOMPARE(scores->rowCount(), 10);
    QCOMPARE(at(7, ClassScoreModel::Class), QString("7"));
    QCOMPARE(at(7, ClassScoreModel::Recall), QString("70.0 %"));
    QCOMPARE(at(1, ClassScoreModel::Precision), QString("76.9 %")); // 10 of 13
    QCOMPARE(at(9, ClassScoreModel::Precision), QString("none"));   // never answered
    QCOMPARE(at(7, ClassScoreModel::F1), QString("82.4 %"));        // 14 of 17
}

void TestConfusionPage::aCellIsSaidInWordsAndReachedByKeys()
{
    ConfusionGrid grid;
    QStringList names;
    for (int i = 0; i < 10; ++i)
        names << QString::number(i);
    grid.setMatrix(sampleMatrix(), names);
    grid.resize(500, 520);
    QCOMPARE(grid.describe({7, 1}), QString("7 taken for 1: 3 of 10 (30.0 %)"));
    QCOMPARE(grid.describe({7, 7}), QString("7 recognised: 7 of 10 (70.0 %)"));

    QSignalSpy chosen(&grid, &ConfusionGrid::chosen);
    QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.cellRect({7, 1}).center().toPoint());
    QCOMPARE(chosen.takeFirst(), (QVariantList{7, 1}));
    QTest::keyClick(&grid, Qt::Key_Right);
    QTest::keyClick(&grid, Qt::Key_Up);
    QTest::keyClick(&grid, Qt::Key_Return);
    QCOMPARE(chosen.takeFirst(), (QVariantList{6, 2}));
    QCOMPARE(grid.accessibleDescription(), grid.describe({6, 2}));
    for (int i = 0; i < 12; ++i)
        QTest::keyClick(&grid, Qt::Key_Down);
    QVERIFY((grid.current() == ConfusionGrid::Cell{9, 2}));
}

// The fake engine's answers follow from the pixels alone: most of them are wrong.
void TestConfusionPage::showsTheWrongPictures()
{
    m_fixture.begin();
    // What the run began with may be gone.
    Json record = parseJson(readText(m_run / "run.json").value(), "run.json").value();
    record["plan"]["weights"] = "/gone/weights.pth";
    test::writeFile(m_run / "run.json", record.dump());
    ConfusionPage page(*m_fixture.bridge);
    page.setRun(m_run);
    page.show();
    auto* grid = page.findChild<ConfusionGrid*>();
    auto* pictures = page.findChild<PictureGrid*>("mistakes");
    QTRY_VERIFY(grid->isVisible());
    QVERIFY(text(page, "mistakeState").startsWith("Choose a cell"));
    Q_EMIT page.findChild<QTableView*>("classScores")
        ->clicked(page.findChild<QTableView*>("classScores")->model()->index(3, 0));
    QTRY_VERIFY_WITH_TIMEOUT(pictures->count() > 0, 60'000); // 60,000 digits are drawn first
    QVERIFY(text(page, "mistakeState").startsWith("3 taken for another class: "));
    const int all = pictures->count();
    Q_EMIT grid->chosen(3, 5);
    QVERIFY(pictures->count() < all);
    Q_EMIT grid->chosen(3, 3);
    QCOMPARE(pictures->count(), 0);
}

QTEST_MAIN(TestConfusionPage)
#include "tst_confusionpage.moc"
