// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/theme.h"
#include "gui/pages/devicepanel.h"
#include "gui/pages/devicesections.h"
#include "gui/pages/devicetext.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/meterrow.h"
#include "gui/widgets/sparkline.h"
#include "tests/support/testsupport.h"

#include <QApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <unistd.h>

using namespace torchdesk;

namespace {

std::string cardJson(const std::string& name, int bus, int compute)
{
    return R"({"name": ")" + name + R"(", "uuid": "GPU-1", "bus": )" + std::to_string(bus) +
           R"(, "compute": )" + std::to_string(compute) +
           R"(, "memory_used": 2100000000, "memory_total": 25757220864, "milliwatts": 182000,
                 "milliwatts_limit": 450000, "celsius": 58, "megahertz": 2520, "reasons": 0,
                 "processes": [{"pid": 1, "memory": 600000000}, {"pid": )" +
           std::to_string(::getpid()) + R"(, "memory": 1200000000}]})";
}

std::string script(const std::string& cards)
{
    return R"({"init": 0, "driver": "580.65.06", "cuda": 13000, "cards": [)" + cards + "]}";
}

QStringList meters(const QWidget& panel)
{
    QStringList all;
    for (const MeterRow* row : panel.findChildren<MeterRow*>())
        if (row->isVisible())
            all << row->accessibleName();
    return all;
}

bool showsText(const QWidget& panel, const QString& text)
{
    for (const QLabel* label : panel.findChildren<QLabel*>())
        if (label->isVisible() && (label->text().contains(text) || label->accessibleName().contains(text)))
            return true;
    return false;
}

QString facts(const QWidget& panel)
{
    QStringList all;
    for (const FactRows* rows : panel.findChildren<FactRows*>())
        if (rows->isVisible())
            all << rows->accessibleName();
    return all.join(QLatin1Char('|'));
}

} // namespace

class TestDevicePanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { ThemeManager::instance().install(*qApp, Appearance::Light); }
    void showsACard();
    void showsSeveralCards();
    void saysWhyThereIsNone();
    void marksWhatIsNotKnown();
    void asksOnlyWhileVisible();
    void hasALineForNarrowWindows();
    void takesALostCard();
    void writesFigures();
};

void TestDevicePanel::showsACard()
{
    test::ScopedVariable library("TORCHDESK_NVML", TORCHDESK_FAKE_NVML_FILE);
    test::ScopedVariable answers("TORCHDESK_FAKE_NVML", script(cardJson("NVIDIA RTX 4090", 1, 71)));
    DeviceSampler sampler;
    DevicePanel panel(&sampler);
    EngineInfo info{"LibTorch", "2.11.0+cu130", "AVX-512", "13.0", ""};
    panel.setEngine(info, {DeviceInfo{"cuda:0", "NVIDIA RTX 4090", 1, 1, "0000:01:00.0"}});
    panel.resize(240, 800);
    panel.show();
    QTRY_VERIFY(meters(panel).contains(QStringLiteral("Compute: 71 %")));
    QVERIFY(showsText(panel, QStringLiteral("NVIDIA RTX 4090")));
    QVERIFY(showsText(panel, QStringLiteral("cuda:0 · driver 580.65")));
    QVERIFY(meters(panel).contains(QStringLiteral("Memory: 2.1 / 25.8 GB")));
    QVERIFY(meters(panel).contains(QStringLiteral("Power: 182 / 450 W")));
    QVERIFY(meters(panel).contains(QStringLiteral("Temperature: 58 °C")));
    // This program first, whatever it takes.
    QVERIFY2(facts(panel).contains(QStringLiteral("TorchDesk: 1.2 GB; ")), qPrintable(facts(panel)));
    QVERIFY(facts(panel).contains(QStringLiteral("LibTorch: 2.11.0; ")));
    QVERIFY(!showsText(panel, QStringLiteral("Graphics card")));
    QVERIFY(showsText(panel, QStringLiteral("This computer")));
    QVERIFY(*panel.findChildren<Sparkline*>().last()->latest() > 0.7);
}

void TestDevicePanel::showsSeveralCards()
{
    test::ScopedVariable library("TORCHDESK_NVML", TORCHDESK_FAKE_NVML_FILE);
    test::ScopedVariable answers("TORCHDESK_FAKE_NVML",
                                 script(cardJson("Card A", 1, 10) + "," + cardJson("Card B", 2, 20) + "," +
                                        cardJson("Card C", 3, 30)));
    DeviceSampler sampler;
    DevicePanel panel(&sampler);
    panel.resize(240, 800);
    panel.show();
    QTRY_VERIFY(meters(panel).contains(QStringLiteral("Compute: 30 %")));
    for (const char* name : {"Card A", "Card B", "Card C"})
        QVERIFY(showsText(panel, QLatin1String(name)));
    QVERIFY(facts(panel).contains(QStringLiteral("TorchDesk: 3.6 GB"))); // on all three together
    QCOMPARE(meters(panel).filter(QStringLiteral("Power")).size(), 0);   // three are shown briefly
}

void TestDevicePanel::saysWhyThereIsNone()
{
    test::ScopedVariable library("TORCHDESK_NVML", "/nowhere/libnvidia-ml.so.1");
    DeviceSampler sampler;
    DevicePanel panel(&sampler);
    panel.resize(240, 800);
    panel.show();
    QTRY_VERIFY(showsText(panel, QStringLiteral("Graphics card")));
    QTRY_VERIFY(!meters(panel).filter(QStringLiteral("TorchDesk: ")).isEmpty());
    QVERIFY(meters(panel).filter(QStringLiteral("Compute")).isEmpty());
    QVERIFY(showsText(panel, QStringLiteral("training on the processor")));
    // What the engine found out counts more.
    EngineInfo info;
    info.whyNoCuda = "Driver 550 found, 580 or newer needed.";
    panel.setEngine(info, {});
    QVERIFY(showsText(panel, QStringLiteral("Driver 550 found")));
}

void TestDevicePanel::marksWhatIsNotKnown()
{
    DeviceSampler sampler;
    DevicePanel panel(&sampler);
    QObject::disconnect(&sampler, nullptr, &panel, nullptr);
    panel.resize(240, 800);
    panel.show();
    DeviceFigures figures;
    figures.gpus.resize(1);
    figures.gpus[0].name = "Old card";
    panel.setFigures(figures);
    QTRY_VERIFY(meters(panel).contains(QStringLiteral("Compute: –")));
    QVERIFY(meters(panel).contains(QStringLiteral("Memory: –")));
    QVERIFY(meters(panel).contains(QStringLiteral("Power: –")));
    figures.gpus.clear(); // the card is gone: back to the processor
    panel.setFigures(figures);
    QVERIFY(meters(panel).filter(QStringLiteral("Compute")).isEmpty());
}

void TestDevicePanel::asksOnlyWhileVisible()
{
    test::ScopedVariable library("TORCHDESK_NVML", "/nowhere/libnvidia-ml.so.1");
    DeviceSampler sampler;
    QSignalSpy sampled(&sampler, &DeviceSampler::sampled);
    DevicePanel panel(&sampler);
    DeviceStatusLine line(&sampler);
    QVERIFY(!sampler.isRunning());
    panel.show();
    QVERIFY(sampler.isRunning());
    QVERIFY(sampled.wait());
    line.show();
    panel.hide();
    QVERIFY(sampler.isRunning()); // the line still wants them
    line.hide();
    QVERIFY(!sampler.isRunning());
}

void TestDevicePanel::hasALineForNarrowWindows()
{
    test::ScopedVariable library("TORCHDESK_NVML", TORCHDESK_FAKE_NVML_FILE);
    test::ScopedVariable answers("TORCHDESK_FAKE_NVML", script(cardJson("NVIDIA RTX 4090", 1, 71)));
    DeviceSampler sampler;
    DeviceStatusLine line(&sampler);
    line.show();
    QTRY_COMPARE(line.text(), QStringLiteral("NVIDIA RTX 4090 · 71 % · 2.1 / 25.8 GB · 182 W · 58 °C"));
}

void TestDevicePanel::takesALostCard()
{
    DeviceSampler sampler;
    DevicePanel panel(&sampler);
    QObject::disconnect(&sampler, nullptr, &panel, nullptr);
    panel.show();
    DeviceFigures figures;
    figures.gpus.resize(1);
    figures.gpus[0].name = "Card";
    figures.gpus[0].lost = true;
    panel.setFigures(figures);
    QTRY_VERIFY(showsText(panel, QStringLiteral("no longer answers")));
    QCOMPARE(devicetext::line(figures), QStringLiteral("Card · not answering"));
}

void TestDevicePanel::writesFigures()
{
    QCOMPARE(devicetext::share(0.706), QStringLiteral("71 %"));
    QCOMPARE(devicetext::share(std::nullopt), QStringLiteral("–"));
    QCOMPARE(devicetext::bytesOf(3'100'000'000, 23'000'000'000), QStringLiteral("3.1 / 23.0 GB"));
    QCOMPARE(devicetext::bytesOf(5'000'000, 900'000'000), QStringLiteral("5 / 900 MB"));
    QCOMPARE(devicetext::megahertz(2520.4), QStringLiteral("2,520 MHz"));
    QCOMPARE(devicetext::gigahertz(3100), QStringLiteral("3.1 GHz"));
    QVERIFY(!devicetext::quotient(1.0, 0.0));
    DeviceFigures figures;
    figures.processor = "AMD EPYC";
    figures.cores = 2;
    QCOMPARE(devicetext::processor(figures), QStringLiteral("AMD EPYC, 2 cores"));
}

QTEST_MAIN(TestDevicePanel)
#include "tst_devicepanel.moc"
