// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "gui/itemmodels/predictionmodel.h"
#include "gui/pages/tryitpage.h"
#include "gui/widgets/drawcanvas.h"
#include "gui/widgets/probabilitybars.h"
#include "tests/gui/pages/pagefixture.h"

#include <QFileDialog>
#include <QImage>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <algorithm>

using namespace torchdesk;

class TestTryItPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void saysWhatToDoWithoutARun();
    void followsThePen();
    void takesAPictureAndNamesABadOne();
    void aDamagedRunIsASentence();
    void aFolderBecomesATable();
    void aStoppedTableSaysHowFarItCame();

private:
    void writePictures(const std::string& folder, int count) const;
    QString path(const std::string& name) const;
    test::PageFixture m_fixture;
    std::filesystem::path m_run;
};

void TestTryItPage::initTestCase()
{
    m_run = m_fixture.train();
    m_fixture.begin();
}

QString TestTryItPage::path(const std::string& name) const
{
    return QString::fromStdString((m_fixture.folder / name).string());
}

void TestTryItPage::saysWhatToDoWithoutARun()
{
    TryItPage page(*m_fixture.bridge);
    page.show();
    QVERIFY(page.findChild<QLabel*>("answer")->text().startsWith("Train a network first"));
}

void TestTryItPage::followsThePen()
{
    TryItPage page(*m_fixture.bridge);
    page.setRun(m_run);
    page.show();
    QTRY_VERIFY(page.classifier().isOpen());
    auto* bars = page.findChild<ProbabilityBars*>("probabilities");
    auto* canvas = page.findChild<DrawCanvas*>("canvas");
    QCOMPARE(bars->best(), -1);
    QTest::mousePress(canvas, Qt::LeftButton, Qt::NoModifier, QPoint(140, 60));
    QTest::mouseMove(canvas, QPoint(140, 200));
    QTRY_VERIFY(bars->best() >= 0); // while the button is still down
    QTest::mouseRelease(canvas, Qt::LeftButton, Qt::NoModifier, QPoint(140, 200));
    QVERIFY(page.findChild<QLabel*>("answer")->text().contains("%"));
    QTest::mouseClick(page.findChild<QPushButton*>("clearCanvas"), Qt::LeftButton);
    QTRY_COMPARE(bars->best(), -1);
}

void TestTryItPage::takesAPictureAndNamesABadOne()
{
    TryItPage page(*m_fixture.bridge);
    page.setRun(m_run);
    page.show();
    QTRY_VERIFY(page.classifier().isOpen());
    QImage image(60, 60, QImage::Format_Grayscale8);
    image.fill(255);
    for (int y = 10; y < 50; ++y)
        image.setPixelColor(30, y, Qt::black);
    QVERIFY(image.save(path("one.png")));
    page.openPicture(path("one.png"));
    QTRY_VERIFY(page.findChild<ProbabilityBars*>("probabilities")->best() >= 0);

    test::writeFile(m_fixture.folder / "bad.png", "no picture");
    page.openPicture(path("bad.png"));
    QTRY_VERIFY(page.findChild<QLabel*>("answer")->text().contains("bad.png"));
}

void TestTryItPage::aDamagedRunIsASentence()
{
    TryItPage page(*m_fixture.bridge);
    page.setRun(m_fixture.folder / "runs/absent");
    page.show();
    QTRY_VERIFY(page.findChild<QLabel*>("answer")->text().contains("absent"));
    QVERIFY(!page.classifier().isOpen());
}

void TestTryItPage::writePictures(const std::string& folder, int count) const
{
    std::filesystem::create_directories(m_fixture.folder / folder);
    QImage image(40, 40, QImage::Format_Grayscale8);
    for (int i = 0; i < count; ++i) {
        image.fill(255);
        for (int y = 5; y < 35; ++y)
            image.setPixelColor(5 + i % 30, y, Qt::black);
        QVERIFY(image.save(path(folder + "/" + std::to_string(1000 + i) + ".png")));
    }
}

void TestTryItPage::aFolderBecomesATable()
{
    writePictures("photos", 5);
    test::writeFile(m_fixture.folder / "photos/1002.png", "no picture");
    TryItPage page(*m_fixture.bridge);
    page.setRun(m_run);
    page.show();
    QTRY_VERIFY(page.classifier().isOpen());
    page.openPictures({path("photos")});
    auto* table = page.findChild<QTableView*>("predictions");
    auto* save = page.findChild<QPushButton*>("savePredictions");
    QVERIFY(table->isVisible() && !page.findChild<DrawCanvas*>("canvas")->isVisible());
    QTRY_VERIFY(save->isEnabled());
    QCOMPARE(table->model()->rowCount(), 5);
    QCOMPARE(table->model()->index(2, PredictionModel::Class).data().toString(), QString("not read"));
    QVERIFY(page.findChild<QLabel*>("predictionState")->text().contains("1 could not be read"));

    table->selectRow(0);
    QTRY_VERIFY(page.findChild<ProbabilityBars*>("probabilities")->best() >= 0);
    table->sortByColumn(PredictionModel::Probability, Qt::AscendingOrder);
    QCOMPARE(table->model()->index(0, PredictionModel::File).data().toString(), QString("1002.png"));

    QTest::mouseClick(save, Qt::LeftButton);
    auto* dialog = page.findChild<QFileDialog*>("tableDialog");
    QVERIFY(dialog);
    Q_EMIT dialog->fileSelected(path("photos.csv"));
    QTRY_VERIFY(page.findChild<QLabel*>("predictionState")->text().startsWith("Saved as"));
    const auto csv = readText(m_fixture.folder / "photos.csv");
    VERIFY_OK(csv);
    QCOMPARE(std::count(csv->begin(), csv->end(), '\n'), 6);
    QVERIFY(csv->find("1002.png") < csv->find("1000.png")); // in the order that is shown

    QTest::mouseClick(page.findChild<QPushButton*>("closePredictions"), Qt::LeftButton);
    QVERIFY(page.findChild<DrawCanvas*>("canvas")->isVisible());
}

void TestTryItPage::aStoppedTableSaysHowFarItCame()
{
    writePictures("many", 400);
    writePictures("few", 5);
    TryItPage page(*m_fixture.bridge);
    page.setRun(m_run);
    page.show();
    QTRY_VERIFY(page.classifier().isOpen());
    auto* table = page.findChild<QTableView*>("predictions");
    const auto stop = [&page] { page.findChild<QPushButton*>("stopPredicting")->click(); };
    const auto atFirst = connect(table->model(), &QAbstractItemModel::rowsInserted, &page, stop);
    page.openPictures({path("many")});
    QTRY_VERIFY(page.findChild<QLabel*>("predictionState")->text().startsWith("Stopped: "));
    QVERIFY(table->model()->rowCount() > 0 && table->model()->rowCount() < 400);
    disconnect(atFirst);
    page.openPictures({path("few")}); // what still comes of the first is not mixed in
    QTRY_VERIFY(page.findChild<QPushButton*>("savePredictions")->isEnabled());
    QCOMPARE(table->model()->rowCount(), 5);
}

QTEST_MAIN(TestTryItPage)
#include "tst_tryitpage.moc"
