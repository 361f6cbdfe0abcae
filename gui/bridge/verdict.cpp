// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/verdict.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <limits>

namespace torchdesk {

namespace {

/// The context of this file's strings, for translators.
struct VerdictText
{
    Q_DECLARE_TR_FUNCTIONS(Verdict)
};

QString memoryText(const Measurement& measurement, const std::vector<DeviceInfo>& devices)
{
    const QString used = QString::fromStdString(byteSize(measurement.peakBytes));
    for (const DeviceInfo& device : devices)
        if (device.id == measurement.device && device.totalMemory > 0)
            return VerdictText::tr("%1 of %2")
                .arg(used, QString::fromStdString(byteSize(device.totalMemory)));
    return used;
}

/// In one piece where a line breaks.
QString together(const std::string& figure)
{
    return QString::fromStdString(figure).replace(QLatin1Char(' '), QChar::Nbsp);
}

QString timeText(const Measurement& measurement)
{
    return VerdictText::tr("about %1 an epoch, %2 in all (measured)")
        .arg(together(duration(measurement.secondsPerEpoch)), together(duration(measurement.secondsInAll)));
}

QString shorterWord()
{
    return VerdictText::tr(". Shorter would be:");
}

/// "MobileNetV2 instead, about 12 min".
QString shorterText(const ShorterPlan& shorter)
{
    const QString time = together(duration(shorter.secondsInAll));
    return shorter.way == ShorterPlan::Way::FewerSamples
               ? VerdictText::tr("A tenth of the pictures, about %1").arg(time)
               : VerdictText::tr("%1 instead, about %2").arg(QString::fromStdString(shorter.model), time);
}

QString parametersText(std::int64_t parameters)
{
    const auto number = static_cast<int>(std::min<std::int64_t>(parameters, std::numeric_limits<int>::max()));
    return VerdictText::tr("%1 parameter(s)", nullptr, number)
        .arg(QString::fromStdString(grouped(parameters)));
}

} // namespace

std::vector<PlanOffer> offersOf(const Verdict& verdict)
{
    std::vector<PlanOffer> offers;
    for (const ShorterPlan& shorter : verdict.shorter)
        offers.push_back({shorterText(shorter), shorter.plan});
    if (verdict.fitting)
        offers.push_back({VerdictText::tr("Scale the pictures to %1×%1").arg(verdict.fitting->pictures.size),
                          *verdict.fitting});
    return offers;
}

QString verdictText(const Verdict& verdict, const std::vector<DeviceInfo>& devices)
{
    if (verdict.state == Verdict::State::Wrong)
        return QString::fromStdString(verdict.message);
    QStringList parts;
    if (verdict.parameters)
        parts << parametersText(*verdict.parameters);
    if (verdict.measurement && verdict.measurement->peakBytes > 0)
        parts << memoryText(*verdict.measurement, devices);
    if (verdict.measurement)
        parts << timeText(*verdict.measurement) + (verdict.shorter.empty() ? QString() : shorterWord());
    else if (!verdict.message.empty())
        parts << QString::fromStdString(verdict.message);
    return parts.join(VerdictText::tr(" · "));
}

} // namespace torchdesk
