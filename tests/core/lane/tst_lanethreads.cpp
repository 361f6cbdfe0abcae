// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/threads.h"

#include <QTest>
#include <chrono>

using namespace torchdesk::lane;

/// Threads that work together, and the barrier between them.
class TestLaneThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyThreadWorks();
    void nobodyPassesABarrierAlone();
    void sleepersAreWoken();
};

void TestLaneThreads::everyThreadWorks()
{
    Threads threads(4);
    std::vector<int> calls(4, 0);
    for (int round = 0; round < 100; ++round)
        threads.run([&](int thread) { ++calls[static_cast<std::size_t>(thread)]; });
    QCOMPARE(calls, (std::vector<int>{100, 100, 100, 100}));
}

/// What a thread wrote before the barrier, all others read behind it: without a lock.
void TestLaneThreads::nobodyPassesABarrierAlone()
{
    constexpr int count = 3;
    Threads threads(count);
    std::vector<int> written(count, 0);
    std::vector<int> wrong(count, 0);
    threads.run([&](int thread) {
        for (int round = 1; round <= 500; ++round) {
            written[static_cast<std::size_t>(thread)] = round;
            threads.wait();
            for (const int value : written)
                wrong[static_cast<std::size_t>(thread)] += value != round;
            threads.wait();
        }
    });
    QCOMPARE(wrong, std::vector<int>(count, 0));
}

/// One that comes long after the others gave up spinning.
void TestLaneThreads::sleepersAreWoken()
{
    Threads threads(3);
    std::atomic<int> passed{0};
    for (int late = 0; late < 3; ++late)
        threads.run([&](int thread) {
            if (thread == late)
                std::this_thread::sleep_for(std::chrono::milliseconds(30));
            threads.wait();
            ++passed;
        });
    QCOMPARE(passed.load(), 9);
}

QTEST_GUILESS_MAIN(TestLaneThreads)
#include "tst_lanethreads.moc"
