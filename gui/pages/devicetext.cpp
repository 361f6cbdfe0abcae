// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/devicetext.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QStringList>
#include <cmath>
#include <unistd.h>

namespace torchdesk::devicetext {

namespace {

/// The context of this file's strings, for translators.
struct DeviceText
{
    Q_DECLARE_TR_FUNCTIONS(Devices)
};

QString number(double value, int digits)
{
    return QString::fromStdString(fixed(value, digits));
}

const QString& unknown()
{
    static const QString dash(QChar(0x2013));
    return dash;
}

QString gpuLine(const GpuSample& gpu)
{
    QStringList parts{QString::fromStdString(gpu.name)};
    if (gpu.lost)
        return DeviceText::tr("%1 · not answering").arg(parts[0]);
    if (gpu.compute)
        parts << share(gpu.compute);
    if (gpu.memoryUsed)
        parts << bytesOf(gpu.memoryUsed, gpu.memoryTotal);
    if (gpu.watts)
        parts << DeviceText::tr("%1 W").arg(number(*gpu.watts, 0));
    if (gpu.celsius)
        parts << celsius(gpu.celsius);
    return parts.join(QStringLiteral(" · "));
}

} // namespace

QString share(std::optional<double> share)
{
    return share ? QString::fromStdString(percent(*share, 0)) : unknown();
}

QString bytes(std::uint64_t bytes)
{
    return QString::fromStdString(byteSize(bytes));
}

QString bytesOf(std::optional<std::uint64_t> used, std::optional<std::uint64_t> total)
{
    if (!used)
        return unknown();
    if (!total || *total == 0)
        return bytes(*used);
    const bool large = *total >= 1'000'000'000;
    const double unit = large ? 1e9 : 1e6;
    const int digits = large ? 1 : 0;
    const QString text = large ? DeviceText::tr("%1 / %2 GB") : DeviceText::tr("%1 / %2 MB");
    return text.arg(number(double(*used) / unit, digits), number(double(*total) / unit, digits));
}

QString watts(const GpuSample& gpu)
{
    if (!gpu.watts)
        return unknown();
    if (!gpu.wattsLimit)
        return DeviceText::tr("%1 W").arg(number(*gpu.watts, 0));
    return DeviceText::tr("%1 / %2 W").arg(number(*gpu.watts, 0), number(*gpu.wattsLimit, 0));
}

QString celsius(std::optional<double> celsius)
{
    return celsius ? DeviceText::tr("%1 °C").arg(number(*celsius, 0)) : unknown();
}

QString megahertz(std::optional<double> megahertz)
{
    return megahertz ? DeviceText::tr("%1 MHz").arg(QString::fromStdString(grouped(std::llround(*megahertz))))
                     : QString();
}

QString gigahertz(std::optional<double> megahertz)
{
    return megahertz ? DeviceText::tr("%1 GHz").arg(number(*megahertz / 1000, 1)) : QString();
}

std::optional<double> quotient(std::optional<double> part, std::optional<double> whole)
{
    if (!part || !whole || !(*whole > 0))
        return std::nullopt;
    return *part / *whole;
}

QString processor(const DeviceFigures& figures)
{
    const QString name =
        figures.processor.empty() ? DeviceText::tr("Processor") : QString::fromStdString(figures.processor);
    return figures.cores == 1 ? DeviceText::tr("%1, 1 core").arg(name)
                              : DeviceText::tr("%1, %2 cores").arg(name).arg(figures.cores);
}

bool isOwn(const GpuProcess& process)
{
    return process.pid == std::uint32_t(::getpid());
}

QString process(const GpuProcess& process)
{
    if (isOwn(process))
        return QStringLiteral("TorchDesk");
    const QString name =
        process.name.empty() ? DeviceText::tr("process") : QString::fromStdString(process.name);
    return DeviceText::tr("%1 · %2").arg(name).arg(process.pid);
}

QString line(const DeviceFigures& figures)
{
    QStringList cards;
    for (const GpuSample& gpu : figures.gpus)
        cards << gpuLine(gpu);
    if (!cards.isEmpty())
        return cards.join(QStringLiteral("    "));
    const SystemSample& system = figures.system;
    return QStringList{processor(figures), DeviceText::tr("processor %1").arg(share(system.processorShare)),
                       DeviceText::tr("memory %1").arg(bytesOf(system.memoryUsed, system.memoryTotal)),
                       DeviceText::tr("TorchDesk %1").arg(bytes(system.ownMemory))}
        .join(QStringLiteral(" · "));
}

} // namespace torchdesk::devicetext
