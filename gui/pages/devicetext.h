// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/pages/devicesampler.h"

#include <QString>
#include <optional>

/// Figures of devices as the panel and the status line write them. What is not known is "–".
namespace torchdesk::devicetext {

QString share(std::optional<double> share); ///< "71 %"
QString bytes(std::uint64_t bytes);         ///< "1.2 GB"
/// "2.1 / 25.8 GB": both in the unit of the whole.
QString bytesOf(std::optional<std::uint64_t> used, std::optional<std::uint64_t> total);
QString watts(const GpuSample& gpu);                ///< "182 / 450 W"
QString celsius(std::optional<double> celsius);     ///< "58 °C"
QString megahertz(std::optional<double> megahertz); ///< "2,520 MHz"
QString gigahertz(std::optional<double> megahertz); ///< "3.1 GHz"
std::optional<double> quotient(std::optional<double> part, std::optional<double> whole);
QString processor(const DeviceFigures& figures); ///< "AMD EPYC, 2 cores"
QString process(const GpuProcess& process);      ///< "python3 · 41522", "TorchDesk" for this one
bool isOwn(const GpuProcess& process);
/// The whole as one line, for narrow windows: the cards, else processor and memory.
QString line(const DeviceFigures& figures);

} // namespace torchdesk::devicetext
