// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/unixsignals.h"

#include <QCoreApplication>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace torchdesk;

class TestUnixSignals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void signalsArriveInTheEventLoop();
    void ignoredOnesStayIgnored();
    void programsThatAreStartedEndAsEver();
    void everythingIsAsBefore();
};

void TestUnixSignals::signalsArriveInTheEventLoop()
{
    const UnixSignals unixSignals;
    QSignalSpy arrived(&unixSignals, &UnixSignals::arrived);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        std::raise(number);
    QTRY_COMPARE(arrived.size(), 3);
}

// As nohup leaves it.
void TestUnixSignals::ignoredOnesStayIgnored()
{
    std::signal(SIGHUP, SIG_IGN);
    {
        const UnixSignals unixSignals;
        QSignalSpy arrived(&unixSignals, &UnixSignals::arrived);
        std::raise(SIGHUP);
        std::raise(SIGTERM);
        QTRY_COMPARE(arrived.size(), 1);
        QTest::qWait(20);
        QCOMPARE(arrived.size(), 1);
    }
    std::signal(SIGHUP, SIG_DFL);
}

void TestUnixSignals::programsThatAreStartedEndAsEver()
{
    const UnixSignals unixSignals;
    QProcess sleeper;
    sleeper.start(QStringLiteral("sleep"), {QStringLiteral("60")});
    QVERIFY(sleeper.waitForStarted());
    sleeper.terminate();
    QVERIFY(sleeper.waitForFinished(20'000));
    QCOMPARE(sleeper.exitStatus(), QProcess::CrashExit);
}

void TestUnixSignals::everythingIsAsBefore()
{
    const auto handlers = [] {
        std::vector<void (*)(int)> all;
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
            struct sigaction now
            {};
            sigaction(number, nullptr, &now);
            all.push_back(now.sa_handler);
        }
        return all;
    };
    const auto before = handlers();
    {
        const UnixSignals unixSignals;
        QVERIFY(handlers() != before);
    }
    QVERIFY(handlers() == before);
}

QTEST_GUILESS_MAIN(TestUnixSignals)
#include "tst_unixsignals.moc"
