// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace torchdesk {

struct GpuProcess
{
    std::uint32_t pid = 0;
    std::string name;                    ///< from /proc, "" where it is gone
    std::optional<std::uint64_t> memory; ///< bytes

    bool operator==(const GpuProcess&) const = default;
};

/// One NVIDIA card at one moment. What the card or driver does not tell is nullopt.
struct GpuSample
{
    int index = 0;
    std::string name;
    std::string uuid;
    std::string pciBus;                      ///< "0000:01:00.0"
    std::optional<double> compute;           ///< share of time, 0 … 1
    std::optional<std::uint64_t> memoryUsed; ///< bytes
    std::optional<std::uint64_t> memoryTotal;
    std::optional<double> watts;
    std::optional<double> wattsLimit;
    std::optional<double> celsius;
    std::optional<double> megahertz; ///< of the multiprocessors
    std::optional<double> fan;       ///< 0 … 1
    std::string throttling;          ///< why the clock is held back, in words; "" where it is not
    bool lost = false;               ///< the driver says that the card has fallen off the bus
    std::vector<GpuProcess> processes;

    bool operator==(const GpuSample&) const = default;
};

/// NVML through dlopen("libnvidia-ml.so.1") (TORCHDESK_NVML names another file). One thread at a time.
class GpuMonitor
{
public:
    /// NotFound where there is no driver; the message is the neutral sentence of the device panel.
    static Expected<std::unique_ptr<GpuMonitor>> open();
    virtual ~GpuMonitor() = default;
    /// Every card. Some milliseconds.
    virtual std::vector<GpuSample> sample() = 0;
    virtual std::string driverVersion() const = 0;
    virtual std::string cudaVersion() const = 0; ///< the newest that the driver knows: "13.0"
};

} // namespace torchdesk
