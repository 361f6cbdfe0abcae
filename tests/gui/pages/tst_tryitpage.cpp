// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/tryitpage.h"
#include "gui/widgets/drawcanvas.h"
#include "gui/widgets/probabilitybars.h"
#include "tests/gui/pages/pagefixture.h"

#include <QImage>
#include <QLabel>
#include <QPushButton>

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

private:
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

QTEST_MAIN(TestTryItPage)
#include "tst_tryitpage.moc"
