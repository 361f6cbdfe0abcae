// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/nvml.h"

#include <dlfcn.h>

namespace torchdesk::nvml {

namespace {

template <class Function>
bool find(void* library, const char* name, Function& function)
{
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
}

} // namespace

bool lookUp(void* library, Functions& f)
{
    f = {};
    const bool usable = find(library, "nvmlInit_v2", f.init) && find(library, "nvmlShutdown", f.shutdown);
    find(library, "nvmlSystemGetDriverVersion", f.driverVersion);
    find(library, "nvmlSystemGetCudaDriverVersion_v2", f.cudaVersion);
    find(library, "nvmlDeviceGetCount_v2", f.deviceCount);
    find(library, "nvmlDeviceGetHandleByIndex_v2", f.deviceByIndex);
    find(library, "nvmlDeviceGetName", f.name);
    find(library, "nvmlDeviceGetUUID", f.uuid);
    find(library, "nvmlDeviceGetPciInfo_v3", f.pciInfo);
    find(library, "nvmlDeviceGetUtilizationRates", f.utilization);
    find(library, "nvmlDeviceGetMemoryInfo_v2", f.memory);
    find(library, "nvmlDeviceGetPowerUsage", f.power);
    find(library, "nvmlDeviceGetEnforcedPowerLimit", f.powerLimit);
    find(library, "nvmlDeviceGetTemperature", f.temperature);
    find(library, "nvmlDeviceGetClockInfo", f.clock);
    find(library, "nvmlDeviceGetFanSpeed", f.fan);
    // The name since driver 535, then the one before.
    if (!find(library, "nvmlDeviceGetCurrentClocksEventReasons", f.clockReasons))
        find(library, "nvmlDeviceGetCurrentClocksThrottleReasons", f.clockReasons);
    find(library, "nvmlDeviceGetComputeRunningProcesses_v3", f.computeProcesses);
    find(library, "nvmlDeviceGetGraphicsRunningProcesses_v3", f.graphicsProcesses);
    return usable;
}

} // namespace torchdesk::nvml
