// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/torchheaders.h"
#include "core/session/engine.h"

namespace torchdesk {

/// "cpu" first, then every CUDA device that LibTorch can use.
std::vector<DeviceInfo> listDevices();
/// The device of a plan: "cpu", "cuda:N", or "auto": the CUDA device with most free memory, else the
/// processor. An unknown one is an error that names those that exist.
Expected<at::Device> chooseDevice(const std::string& wanted);
/// "cpu", "cuda:0".
std::string deviceName(at::Device device);
std::string deviceLabel(at::Device device, int threads);
/// Highest use of the device's memory since resetPeakMemory; 0 where unknown.
std::uint64_t peakMemory(at::Device device);
void resetPeakMemory(at::Device device);
EngineInfo engineInfo();

/// Lets matrix products on NVIDIA cards use TF32, for the whole process; LibTorch's convolutions may always.
void allowTf32(bool on);

} // namespace torchdesk
