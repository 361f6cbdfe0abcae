// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/support/windowundertest.h"

#include <QDropEvent>
#include <QMessageBox>
#include <QMimeData>

using namespace torchdesk;
using test::WindowUnderTest;

class TestMainWindowDrops : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { test::prepareGui(); }
    void init() { test::failOnWarnings(); }

    void aFolderBecomesTheData();
    void aPlanFillsTheForm();
    void otherThingsAreNotTaken();

private:
    /// True where the window would take it; then it is dropped.
    static bool drop(MainWindow& window, const std::vector<std::filesystem::path>& files);
};

bool TestMainWindowDrops::drop(MainWindow& window, const std::vector<std::filesystem::path>& files)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const auto& file : files)
        urls << QUrl::fromLocalFile(QString::fromStdString(file.string()));
    data.setUrls(urls);
    const QPoint middle = window.rect().center();
    QDragEnterEvent enter(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QApplication::sendEvent(&window, &enter);
    if (!enter.isAccepted())
        return false;
    QDropEvent drop(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &drop);
    return true;
}

void TestMainWindowDrops::aFolderBecomesTheData()
{
    WindowUnderTest test;
    const auto flowers = test.folder() / "flowers";
    std::filesystem::create_directories(flowers);
    QVERIFY(drop(test.window(), {flowers}));
    QTRY_COMPARE(test.bridge().plan().data, flowers.string());
    QVERIFY(drop(test.window(), {test.folder() / "flowers.zip"}));
    QTRY_COMPARE(test.bridge().plan().data, (test.folder() / "flowers.zip").string());
}

void TestMainWindowDrops::aPlanFillsTheForm()
{
    WindowUnderTest test;
    test::writeFile(test.folder() / "mine.json", R"({"epochs": 7})");
    QVERIFY(drop(test.window(), {test.folder() / "mine.json"}));
    QTRY_COMPARE(test.bridge().plan().epochs, std::int64_t{7});
    test::writeFile(test.folder() / "bad.json", R"({"epoch": 7})");
    QVERIFY(drop(test.window(), {test.folder() / "bad.json"}));
    QTRY_VERIFY(test.window().findChild<QMessageBox*>());
    QCOMPARE(test.bridge().plan().epochs, std::int64_t{7});
}

void TestMainWindowDrops::otherThingsAreNotTaken()
{
    WindowUnderTest test;
    test::writeFile(test.folder() / "notes.txt", "x");
    QVERIFY(!drop(test.window(), {test.folder() / "notes.txt"}));
    QVERIFY(!drop(test.window(), {test.folder(), test.folder() / "other"}));
    QVERIFY(!drop(test.window(), {}));
}

QTEST_MAIN(TestMainWindowDrops)
#include "tst_mainwindowdrops.moc"
