// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/device/cudastatus.h"
#include "core/device/gpumonitor.h"
#include "tests/support/testsupport.h"

#include <unistd.h>

using namespace torchdesk;
using namespace torchdesk::test;

namespace {

Json fullCard()
{
    return Json::parse(R"({"name": "NVIDIA RTX 4090", "uuid": "GPU-1234", "bus": 10, "compute": 87,
        "memory_used": 3000000000, "memory_total": 25000000000, "milliwatts": 312500, "milliwatts_limit": 450000,
        "celsius": 71, "megahertz": 2520, "fan": 45, "reasons": 0, "processes": [], "graphics": []})");
}

Json scriptWith(Json card)
{
    Json script = Json::parse(R"({"driver": "580.65.06", "cuda": 13000})");
    script["cards"] = Json::array({std::move(card)});
    return script;
}

/// Has the monitor read one card.
GpuSample sampleOf(const Json& card)
{
    const ScopedVariable script("TORCHDESK_FAKE_NVML", scriptWith(card).dump());
    const auto monitor = GpuMonitor::open();
    const auto samples = monitor ? (*monitor)->sample() : std::vector<GpuSample>();
    return samples.size() == 1 ? samples.front() : GpuSample();
}

} // namespace

class TestGpuMonitor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFigure();
    void notSupportedIsNothing();
    void oneFailureSparesTheRest();
    void throttlingInWords_data();
    void throttlingInWords();
    void processesOfBothKinds();
    void manyProcessesAreAskedForAgain();
    void lostCards();
    void cardsComeAndGo();
    void noDriver_data();
    void noDriver();
    void notTheLibrary();

private:
    ScopedVariable m_library{"TORCHDESK_NVML", TORCHDESK_FAKE_NVML_FILE};
};

void TestGpuMonitor::everyFigure()
{
    const ScopedVariable script("TORCHDESK_FAKE_NVML", scriptWith(fullCard()).dump());
    const auto monitor = GpuMonitor::open();
    VERIFY_OK(monitor);
    QCOMPARE((*monitor)->driverVersion(), std::string("580.65.06"));
    QCOMPARE((*monitor)->cudaVersion(), std::string("13.0"));
    GpuSample wanted;
    wanted.name = "NVIDIA RTX 4090";
    wanted.uuid = "GPU-1234";
    wanted.pciBus = "0000:0a:00.0";
    wanted.compute = 87 / 100.0;
    wanted.memoryUsed = 3'000'000'000;
    wanted.memoryTotal = 25'000'000'000;
    wanted.watts = 312500 * 0.001;
    wanted.wattsLimit = 450000 * 0.001;
    wanted.celsius = 71;
    wanted.megahertz = 2520;
    wanted.fan = 45 * 0.01;
    QVERIFY((*monitor)->sample() == std::vector{wanted});
}

void TestGpuMonitor::notSupportedIsNothing()
{
    GpuSample wanted;
    wanted.name = "Tesla";
    QVERIFY(sampleOf(Json::parse(R"({"name": "Tesla"})")) == wanted);
}

void TestGpuMonitor::oneFailureSparesTheRest()
{
    Json card = fullCard();
    card["milliwatts"] = -4; // no permission
    card["fan"] = -999;      // "unknown error"
    const GpuSample sample = sampleOf(card);
    QVERIFY(!sample.watts && !sample.fan && !sample.lost);
    QCOMPARE(*sample.wattsLimit, 450.0);
    QCOMPARE(*sample.celsius, 71.0);
}

void TestGpuMonitor::throttlingInWords_data()
{
    QTest::addColumn<int>("reasons");
    QTest::addColumn<QString>("words");
    QTest::newRow("none") << 0 << "";
    QTest::newRow("idle and application clocks") << 3 << "";
    QTest::newRow("power cap") << 4 << "power limit";
    QTest::newRow("hardware") << 8 << "hardware slowdown";
    QTest::newRow("hot by hardware") << 0x48 << "too hot";
    QTest::newRow("hot and power") << 0x24 << "too hot, power limit";
    QTest::newRow("brake") << 0x88 << "power brake of the machine";
}

void TestGpuMonitor::throttlingInWords()
{
    QFETCH(int, reasons);
    QFETCH(QString, words);
    Json card = fullCard();
    card["reasons"] = reasons;
    QCOMPARE(sampleOf(card).throttling, words.toStdString());
}

void TestGpuMonitor::processesOfBothKinds()
{
    Json card = fullCard();
    const auto self = static_cast<std::uint32_t>(getpid());
    card["processes"] = Json::array({{{"pid", self}, {"memory", 500}}, {{"pid", 4194305}, {"memory", -1}}});
    card["graphics"] = Json::array({{{"pid", self}, {"memory", 500}}, {{"pid", 4194306}, {"memory", 7}}});
    const std::vector<GpuProcess> processes = sampleOf(card).processes;
    QCOMPARE(processes.size(), std::size_t{3});
    QVERIFY((processes[0] == GpuProcess{self, "tst_gpumonitor", 500}));
    QVERIFY((processes[1] == GpuProcess{4194305, "", std::nullopt})); // beyond the largest process id: gone
    QVERIFY((processes[2] == GpuProcess{4194306, "", 7}));
}

void TestGpuMonitor::manyProcessesAreAskedForAgain()
{
    Json card = fullCard();
    for (int i = 0; i < 150; ++i)
        card["processes"].push_back({{"pid", 5'000'000 + i}, {"memory", i}});
    const std::vector<GpuProcess> processes = sampleOf(card).processes;
    QCOMPARE(processes.size(), std::size_t{150});
    QCOMPARE(*processes.back().memory, std::uint64_t{149});
}

void TestGpuMonitor::lostCards()
{
    Json card = fullCard();
    card["error"] = 15;
    const GpuSample sample = sampleOf(card);
    QVERIFY(sample.lost && !sample.compute && !sample.memoryUsed && sample.processes.empty());
    QVERIFY(sampleOf(Json::parse(R"({"handle_error": 15})")).lost);
    QVERIFY(!sampleOf(Json::parse(R"({"handle_error": 4})")).lost);
}

void TestGpuMonitor::cardsComeAndGo()
{
    const ScopedVariable one("TORCHDESK_FAKE_NVML", scriptWith(fullCard()).dump());
    const auto monitor = GpuMonitor::open();
    VERIFY_OK(monitor);
    QCOMPARE((*monitor)->sample().size(), std::size_t{1});
    const ScopedVariable none("TORCHDESK_FAKE_NVML", R"({"cards": []})");
    QCOMPARE((*monitor)->sample().size(), std::size_t{0});
    QCOMPARE((*monitor)->cudaVersion(), std::string());
}

void TestGpuMonitor::noDriver_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("message");
    QTest::newRow("no driver")
        << 9
        << "No NVIDIA card was found, so training runs on the processor. That is fine for small "
           "networks.";
    QTest::newRow("permission") << 4 << "does not let this user read the cards' figures";
    QTest::newRow("other") << 999 << "did not answer (code 999)";
}

void TestGpuMonitor::noDriver()
{
    QFETCH(int, code);
    QFETCH(QString, message);
    const ScopedVariable script("TORCHDESK_FAKE_NVML", Json{{"init", code}}.dump());
    VERIFY_ERROR(GpuMonitor::open(), message.toStdString());
}

void TestGpuMonitor::notTheLibrary()
{
    const ScopedVariable absent("TORCHDESK_NVML", "/nowhere/libnvidia-ml.so.1");
    const auto missing = GpuMonitor::open();
    VERIFY_ERROR(missing, cudaSentence(CudaProblem::NoCard));
    QVERIFY(missing.error().kind == ErrorKind::NotFound);
    const ScopedVariable other("TORCHDESK_NVML", "libm.so.6");
    VERIFY_ERROR(GpuMonitor::open(), "is not NVIDIA's management library");
}

QTEST_APPLESS_MAIN(TestGpuMonitor)
#include "tst_gpumonitor.moc"
