// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/processorfeatures.h"
#include "core/device/systemmonitor.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

/// user nice system idle iowait irq softirq steal guest guest_nice; the total line comes first.
void writeTimes(const TemporaryFolder& proc, const std::string& line, const std::string& ownTicks)
{
    writeFile(proc / "stat", "cpu  " + line + " 999 999\ncpu0 1 1 1 1 1 1 1 1 1 1\nintr 5\n");
    writeFile(proc / "self/stat", "42 (a ) (b) R 1 1 1 0 -1 0 0 0 0 0 " + ownTicks + " 0 0 20 0 3 0 1\n");
}

void writeRest(const TemporaryFolder& proc)
{
    writeFile(proc / "meminfo",
              "MemTotal:       16000 kB\nMemFree:         1000 kB\nMemAvailable:    4000 kB\n");
    writeFile(proc / "self/status", "Name:\tx\nVmPeak:\t 9 kB\nVmRSS:\t     512 kB\nThreads:\t3\n");
    writeFile(proc / "cpuinfo", "processor\t: 0\nmodel name\t: A Processor 9000\ncpu MHz\t\t: 1000.5\n\n"
                                "processor\t: 1\nmodel name\t: A Processor 9000\ncpu MHz\t\t: 2000.5\n");
}

bool close(std::optional<double> value, double wanted)
{
    return value && std::abs(*value - wanted) < 1e-12;
}

} // namespace

class TestSystemMonitor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsFiguresAndShares();
    void missingFilesGiveNothing();
    void countersThatGoBackAreNoShare();
    void thisMachineAnswers();
};

void TestSystemMonitor::readsFiguresAndShares()
{
    const TemporaryFolder proc;
    writeTimes(proc, "100 0 50 800 50 0 0 0", "10 5");
    writeRest(proc);
    SystemMonitor monitor(proc.path());
    const SystemSample first = monitor.sample();
    QVERIFY(!first.processorShare && !first.ownProcessorShare);
    QCOMPARE(first.memoryTotal, std::uint64_t{16000 * 1024});
    QCOMPARE(first.memoryUsed, std::uint64_t{12000 * 1024});
    QCOMPARE(first.ownMemory, std::uint64_t{512 * 1024});
    QVERIFY(close(first.megahertz, 1500.5));
    QCOMPARE(processorNameIn(proc.path()), std::string("A Processor 9000"));

    // 200 ticks more: 60 busy (40 user, 10 system, 10 stolen), 120 idle, 20 waiting; 30 of them ours.
    writeTimes(proc, "140 0 60 920 70 0 0 10", "30 15");
    const SystemSample second = monitor.sample();
    QVERIFY(close(second.processorShare, 0.3));
    QVERIFY(close(second.ownProcessorShare, 0.15));
}

void TestSystemMonitor::missingFilesGiveNothing()
{
    const TemporaryFolder proc;
    SystemMonitor monitor(proc.path());
    QVERIFY(monitor.sample() == SystemSample());
    QVERIFY(monitor.sample() == SystemSample());
    QCOMPARE(processorNameIn(proc.path()), std::string("Processor"));
    writeFile(proc / "stat", "cpu");
    writeFile(proc / "self/stat", "no brackets");
    writeFile(proc / "meminfo", "MemTotal:\nMemAvailable: many kB\n");
    QVERIFY(monitor.sample() == SystemSample());
}

void TestSystemMonitor::countersThatGoBackAreNoShare()
{
    const TemporaryFolder proc;
    writeTimes(proc, "100 0 50 800 50 0 0 0", "10 5");
    SystemMonitor monitor(proc.path());
    monitor.sample();
    writeTimes(proc, "90 0 50 800 50 0 0 0", "1 1");
    QVERIFY(!monitor.sample().processorShare);
    writeTimes(proc, "80 0 50 900 50 0 0 0", "0 0"); // idle went on, the rest back
    const SystemSample sample = monitor.sample();
    QVERIFY(close(sample.processorShare, 0));
    QVERIFY(close(sample.ownProcessorShare, 0));
}

void TestSystemMonitor::thisMachineAnswers()
{
    SystemMonitor monitor;
    const SystemSample sample = monitor.sample();
    QVERIFY(sample.memoryTotal > sample.memoryUsed);
    QVERIFY(sample.ownMemory > 1'000'000);
    QVERIFY(availableCores() >= 1);
    QCOMPARE(coresOfQuota("max 100000", 64), 64);
    QCOMPARE(coresOfQuota("200000 100000", 64), 2);
    QCOMPARE(coresOfQuota("150000 100000", 64), 2);
    QCOMPARE(coresOfQuota("10000 100000", 64), 1);
    QCOMPARE(coresOfQuota("900000 100000", 4), 4);
    QCOMPARE(coresOfQuota("", 4), 4);
    QVERIFY(!processorName().empty());
    const std::vector<std::string> units{"AVX-512, bf16", "AVX-512", "AVX2", "baseline"};
    QVERIFY(std::find(units.begin(), units.end(), vectorUnits()) != units.end());
}

QTEST_APPLESS_MAIN(TestSystemMonitor)
#include "tst_systemmonitor.moc"
