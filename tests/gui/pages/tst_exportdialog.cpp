// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/exportdialog.h"
#include "tests/gui/pages/pagefixture.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace torchdesk;

class TestExportDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void writesVerifiesAndOffersTheScript_data();
    void writesVerifiesAndOffersTheScript();
    void aMissingFolderIsASentenceAndCanBeCorrected();
    void theNameFollowsTheFormatUntilItIsTheUsers();

private:
    test::PageFixture m_fixture;
    std::filesystem::path m_run;
};

void TestExportDialog::initTestCase()
{
    m_run = m_fixture.train();
    m_fixture.begin();
}

void TestExportDialog::writesVerifiesAndOffersTheScript_data()
{
    QTest::addColumn<int>("format");
    QTest::newRow("pytorch") << 0;
    QTest::newRow("safetensors") << 1;
}

void TestExportDialog::writesVerifiesAndOffersTheScript()
{
    QFETCH(int, format);
    ExportDialog dialog(*m_fixture.bridge, m_run);
    dialog.show();
    dialog.findChild<QComboBox*>("exportFormat")->setCurrentIndex(format);
    QSignalSpy exported(&dialog, &ExportDialog::exported);
    QTest::mouseClick(dialog.findChild<QPushButton*>("startExport"), Qt::LeftButton);
    QVERIFY2(exported.wait(60'000), qPrintable(dialog.findChild<QLabel*>("exportResult")->text()));
    QVERIFY(QFile::exists(exported.first().first().toString()));
    const QString result = dialog.findChild<QLabel*>("exportResult")->text();
    QVERIFY2(result.contains("bit-equal"), qPrintable(result));
    const QString script = dialog.findChild<QPlainTextEdit*>("exportScript")->toPlainText();
    QVERIFY(script.contains("import torch"));
    QTest::mouseClick(dialog.findChild<QPushButton*>("copyScript"), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), script);
}

void TestExportDialog::aMissingFolderIsASentenceAndCanBeCorrected()
{
    ExportDialog dialog(*m_fixture.bridge, m_run);
    dialog.show();
    auto* file = dialog.findChild<QLineEdit*>("exportFile");
    auto* start = dialog.findChild<QPushButton*>("startExport");
    file->setText(QString::fromStdString((m_fixture.folder / "no/such/w.pt").string()));
    QTest::mouseClick(start, Qt::LeftButton);
    QTRY_VERIFY(dialog.findChild<QLabel*>("exportResult")->text().contains("no/such"));
    QVERIFY(start->isEnabled());
    QVERIFY(!std::filesystem::exists(m_fixture.folder / "no"));

    QSignalSpy exported(&dialog, &ExportDialog::exported);
    file->setText(QString::fromStdString((m_fixture.folder / "w.pt").string()));
    QTest::mouseClick(start, Qt::LeftButton);
    QVERIFY(exported.wait(60'000));
}

void TestExportDialog::theNameFollowsTheFormatUntilItIsTheUsers()
{
    ExportDialog dialog(*m_fixture.bridge, m_run);
    auto* format = dialog.findChild<QComboBox*>("exportFormat");
    auto* file = dialog.findChild<QLineEdit*>("exportFile");
    QVERIFY(file->text().endsWith(".pt"));
    format->setCurrentIndex(1);
    QVERIFY(file->text().endsWith(".safetensors"));
    file->setText("/tmp/mine.bin");
    format->setCurrentIndex(0);
    QCOMPARE(file->text(), QString("/tmp/mine.bin"));
}

QTEST_MAIN(TestExportDialog)
#include "tst_exportdialog.moc"
