// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/devices.h"

#include "core/base/text.h"
#include "core/device/cudastatus.h"
#include "core/device/processorfeatures.h"
#include "core/device/systemmonitor.h"
#include "core/engine/cudalink.h"

#include <ATen/detail/CUDAHooksInterface.h>
#include <algorithm>
#include <torch/headeronly/version.h>

namespace torchdesk {

namespace {

DeviceInfo processor()
{
    const SystemSample memory = SystemMonitor().sample();
    const int cores = availableCores();
    return {"cpu", processorName() + ", " + std::to_string(cores) + (cores == 1 ? " core" : " cores"),
            memory.memoryTotal, memory.memoryTotal - std::min(memory.memoryUsed, memory.memoryTotal), ""};
}

DeviceInfo cudaDevice(int index)
{
    DeviceInfo info{"cuda:" + std::to_string(index), "CUDA device " + std::to_string(index), 0, 0, ""};
    CudaDeviceFigures figures;
    if (const TorchDeskCudaEntry* module = cudaModule(); module && !module->deviceFigures(index, &figures)) {
        info.label = figures.name;
        info.pciBus = figures.pciBus;
        std::ranges::transform(info.pciBus, info.pciBus.begin(), // as NVML's are read
                               [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
        info.totalMemory = figures.totalMemory;
        info.freeMemory = figures.freeMemory;
    }
    return info;
}

/// cu130 wheels hold code for Turing (7.5) and newer.
constexpr int oldestCapability = 75;

bool supported(int index)
{
    CudaDeviceFigures figures;
    const TorchDeskCudaEntry* module = cudaModule();
    return !module || module->deviceFigures(index, &figures) || figures.capability >= oldestCapability;
}

/// The sentence for a machine on which no CUDA device can train.
std::string whyNoCuda()
{
    if (cudaInUse())
        return cudaSentence(CudaProblem::CardUnsupported);
    const CudaStatus status = cudaStatus();
    return status.problem == CudaProblem::None ? cudaSentence(CudaProblem::NoCard) : status.sentence;
}

std::string names(const std::vector<DeviceInfo>& devices)
{
    std::vector<std::string> all{"auto"};
    for (const DeviceInfo& device : devices)
        all.push_back(device.id);
    return joined(all, ", ");
}

const DeviceInfo& roomiest(const std::vector<DeviceInfo>& devices)
{
    const DeviceInfo* best = &devices.front();
    for (const DeviceInfo& device : devices)
        if (device.id != "cpu" && (best->id == "cpu" || device.freeMemory > best->freeMemory))
            best = &device;
    return *best;
}

} // namespace

std::vector<DeviceInfo> listDevices()
{
    std::vector<DeviceInfo> devices{processor()};
    for (int index = 0; index < cudaDeviceCount(); ++index)
        if (supported(index))
            devices.push_back(cudaDevice(index));
    return devices;
}

Expected<at::Device> chooseDevice(const std::string& wanted)
{
    if (wanted == "cpu")
        return at::Device(at::kCPU);
    const std::vector<DeviceInfo> devices = listDevices();
    const std::string id = wanted == "auto" ? roomiest(devices).id : wanted;
    for (const DeviceInfo& device : devices)
        if (device.id == id)
            return at::Device(id);
    return failure(ErrorKind::NotFound, "device: found '" + shortened(wanted, 60) +
                                            "', wanted one that is here: " + names(devices) + ". " +
                                            (devices.size() == 1 ? whyNoCuda() : ""));
}

std::string deviceName(at::Device device)
{
    return device.is_cpu() ? "cpu" : device.str();
}

std::string deviceLabel(at::Device device, int threads)
{
    if (device.is_cpu())
        return processorName() + ", " + std::to_string(threads) + (threads == 1 ? " thread" : " threads");
    return cudaDevice(device.index()).label;
}

std::uint64_t peakMemory(at::Device device)
{
    AllocatorFigures figures;
    if (device.is_cuda())
        if (const TorchDeskCudaEntry* module = cudaModule();
            module && !module->allocatorFigures(device.index(), &figures))
            return figures.peak;
    return 0;
}

void resetPeakMemory(at::Device device)
{
    if (device.is_cuda())
        if (const TorchDeskCudaEntry* module = cudaModule())
            module->resetPeak(device.index());
}

EngineInfo engineInfo()
{
    EngineInfo info;
    info.name = "LibTorch";
    info.version = TORCH_VERSION;
    info.vectorUnits = vectorUnits();
    if (listDevices().size() > 1) {
        const long version = at::detail::getCUDAHooks().versionCUDART();
        info.cudaVersion = std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
    } else {
        info.whyNoCuda = whyNoCuda();
    }
    return info;
}

void allowTf32(bool on)
{
    at::globalContext().setAllowTF32CuBLAS(on);
}

} // namespace torchdesk
