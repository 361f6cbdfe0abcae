// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The part of NVIDIA's management library that TorchDesk uses, declared here because its header is not on
/// such machines. Sizes and numbers are those of nvml.h 13.0 (compared with it by hand; the sizes are checked
/// here).
namespace torchdesk::nvml {

using Result = int;
constexpr Result success = 0;
constexpr Result notSupported = 3;
constexpr Result noPermission = 4;
constexpr Result insufficientSize = 7;
constexpr Result driverNotLoaded = 9;
constexpr Result functionNotFound = 13;
constexpr Result gpuIsLost = 15;

using Device = struct Opaque*;

struct PciInfo
{
    char busIdLegacy[16];
    std::uint32_t domain;
    std::uint32_t bus;
    std::uint32_t device;
    std::uint32_t pciDeviceId;
    std::uint32_t pciSubSystemId;
    char busId[32];
};
static_assert(sizeof(PciInfo) == 68);

struct MemoryV2
{
    std::uint32_t version;
    std::uint64_t total;
    std::uint64_t reserved;
    std::uint64_t free;
    std::uint64_t used;
};
static_assert(sizeof(MemoryV2) == 40);
constexpr std::uint32_t memoryV2Version = 0x02000028; ///< sizeof | 2 << 24

struct Utilization
{
    std::uint32_t gpu; ///< percent
    std::uint32_t memory;
};
static_assert(sizeof(Utilization) == 8);

struct ProcessInfo
{
    std::uint32_t pid;
    std::uint64_t usedGpuMemory;
    std::uint32_t gpuInstanceId;
    std::uint32_t computeInstanceId;
};
static_assert(sizeof(ProcessInfo) == 24);
constexpr std::uint64_t memoryNotAvailable = ~std::uint64_t{0};

constexpr int temperatureOfGpu = 0;
constexpr int clockOfMultiprocessors = 1;

constexpr std::uint64_t reasonIdle = 0x1;
constexpr std::uint64_t reasonApplicationClocks = 0x2;
constexpr std::uint64_t reasonPowerCap = 0x4;
constexpr std::uint64_t reasonHardware = 0x8;
constexpr std::uint64_t reasonSoftwareThermal = 0x20;
constexpr std::uint64_t reasonHardwareThermal = 0x40;
constexpr std::uint64_t reasonPowerBrake = 0x80;

/// The functions, nullptr where the library is too old to have one.
struct Functions
{
    Result (*init)();
    Result (*shutdown)();
    Result (*driverVersion)(char*, unsigned);
    Result (*cudaVersion)(int*);
    Result (*deviceCount)(unsigned*);
    Result (*deviceByIndex)(unsigned, Device*);
    Result (*name)(Device, char*, unsigned);
    Result (*uuid)(Device, char*, unsigned);
    Result (*pciInfo)(Device, PciInfo*);
    Result (*utilization)(Device, Utilization*);
    Result (*memory)(Device, MemoryV2*);
    Result (*power)(Device, unsigned*);
    Result (*powerLimit)(Device, unsigned*);
    Result (*temperature)(Device, int, unsigned*);
    Result (*clock)(Device, int, unsigned*);
    Result (*fan)(Device, unsigned*);
    Result (*clockReasons)(Device, unsigned long long*);
    Result (*computeProcesses)(Device, unsigned*, ProcessInfo*);
    Result (*graphicsProcesses)(Device, unsigned*, ProcessInfo*);
};

/// Looks the functions up in an open library. init and shutdown are always there, or false is returned.
bool lookUp(void* library, Functions& functions);

} // namespace torchdesk::nvml
