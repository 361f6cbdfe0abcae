// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/englishplurals.h"
#include "gui/app/launchoptions.h"
#include "gui/app/runtext.h"
#include "tests/support/testsupport.h"

using namespace torchdesk;

class TestLaunchOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEachOption();
    void refusesWrongUse_data();
    void refusesWrongUse();
    void tellsWhatBecameOfARun();
    void namesARun();
    void countsInEnglish();
};

void TestLaunchOptions::readsEachOption()
{
    const auto options =
        parseLaunchOptions({"torchdesk", "--theme", "dark", "--train", "plan.json", "--size", "1024x640",
                            "--screenshot", "a.png", "--exit-when-done", "logs"});
    VERIFY_OK(options);
    QCOMPARE(options->appearance, QStringLiteral("dark"));
    QCOMPARE(options->planFile, QStringLiteral("plan.json"));
    QCOMPARE(options->size, QSize(1024, 640));
    QCOMPARE(options->screenshot, QStringLiteral("a.png"));
    QCOMPARE(options->folder, QStringLiteral("logs"));
    QVERIFY(options->exitWhenDone);
    QVERIFY(!options->exitAfterPaint);
    const auto none = parseLaunchOptions({"torchdesk"});
    VERIFY_OK(none);
    QVERIFY(none->folder.isEmpty() && !none->size);
}

void TestLaunchOptions::refusesWrongUse_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("theme") << QStringList{"--theme", "blue"}
                           << "--theme: found \"blue\", wanted light, dark or auto.";
    QTest::newRow("size") << QStringList{"--size", "big"}
                          << "--size: found \"big\", wanted a size such as 1280x800.";
    QTest::newRow("percent") << QStringList{"--screenshot-at", "0"}
                             << "--screenshot-at: found \"0\", wanted a whole number from 1 to 100.";
    QTest::newRow("two folders") << QStringList{"a", "b"} << "Found 2 folders, wanted one.";
    QTest::newRow("unknown") << QStringList{"--fly"} << "See torchdesk --help.";
}

void TestLaunchOptions::refusesWrongUse()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, sentence);
    VERIFY_ERROR(parseLaunchOptions(QStringList{"torchdesk"} + arguments), sentence.toStdString());
}

void TestLaunchOptions::tellsWhatBecameOfARun()
{
    Finished finished;
    finished.testAccuracy = 0.98917;
    finished.bestEpoch = 17;
    // A figure and its unit are not parted by a line's end.
    QCOMPARE(finishedText(finished, {}, 34.2),
             QStringLiteral("Test accuracy 98.9\u00A0% (best epoch 17), 34\u00A0s"));
    finished.testAccuracy.reset();
    finished.outcome = Outcome::Stopped;
    finished.lastStep = 812;
    QCOMPARE(finishedText(finished, {}, 34.2),
             QStringLiteral("Stopped at step 812 after 34\u00A0s, weights kept"));
    finished.outcome = Outcome::Diverged;
    finished.message = "Stopped at step 812: the loss is not a number. Weights of epoch 3 kept.";
    QCOMPARE(finishedText(finished, {}, 34.2).toStdString(), finished.message);
}

void TestLaunchOptions::namesARun()
{
    QCOMPARE(runName("/a/2026-11-23_1412_lenet-mnist", {}), QStringLiteral("lenet-mnist"));
    QCOMPARE(runName("/a/own name", {}), QStringLiteral("own name"));
    QCOMPARE(runName({}, {}), QStringLiteral("lenet-synthetic-digits"));
}

void TestLaunchOptions::countsInEnglish()
{
    const EnglishPlurals plurals;
    QCOMPARE(plurals.translate("any", "%n run(s)", nullptr, 1), QStringLiteral("%n run"));
    QCOMPARE(plurals.translate("any", "%n run(s)", nullptr, 2), QStringLiteral("%n runs"));
    QVERIFY(plurals.translate("any", "Run(s)", nullptr, -1).isNull());
}

QTEST_GUILESS_MAIN(TestLaunchOptions)
#include "tst_launchoptions.moc"
