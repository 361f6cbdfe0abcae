// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/cudastatus.h"

#include "core/base/text.h"
#include "core/device/gpumonitor.h"

#include <cstdlib>
#include <dlfcn.h>
#include <fmt/format.h>
#include <mutex>

namespace torchdesk {

namespace {

std::mutex statusMutex;

CudaStatus& keptStatus()
{
    static CudaStatus status{false, {}, false, CudaProblem::NoCard, cudaSentence(CudaProblem::NoCard), {}};
    return status;
}

bool driverPresent()
{
    const char* named = std::getenv("TORCHDESK_LIBCUDA");
    return dlopen(named && *named ? named : "libcuda.so.1", RTLD_LAZY | RTLD_LOCAL) != nullptr;
}

std::string driverVersion()
{
    const auto monitor = GpuMonitor::open();
    return monitor ? (*monitor)->driverVersion() : std::string();
}

bool tooOld(const std::string& driver)
{
    const auto major = toInteger(splitText(driver, '.').front());
    return major && *major < oldestDriver;
}

CudaStatus lookForCuda(const std::filesystem::path& libtorch)
{
    CudaStatus status;
    status.driverPresent = driverPresent();
    if (!status.driverPresent)
        return status;
    status.driverVersion = driverVersion();
    if (tooOld(status.driverVersion)) {
        status.problem = CudaProblem::DriverTooOld;
        return status;
    }
    const std::string library = (libtorch / "lib/libtorch_cuda.so").string();
    status.librariesLoaded = dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr;
    status.problem = status.librariesLoaded ? CudaProblem::None : CudaProblem::LibrariesMissing;
    if (!status.librariesLoaded)
        status.details = dlerror();
    return status;
}

} // namespace

std::string cudaSentence(CudaProblem problem, const std::string& driver)
{
    switch (problem) {
    case CudaProblem::None:
        return {};
    case CudaProblem::NoCard:
        return "No NVIDIA card was found, so training runs on the processor. "
               "That is fine for small networks.";
    case CudaProblem::DriverTooOld:
        return fmt::format("Driver {} found, {} or newer needed.", splitText(driver, '.').front(),
                           oldestDriver);
    case CudaProblem::CardUnsupported:
        return "This card's generation is not supported by this LibTorch, so training runs on the processor.";
    case CudaProblem::LibrariesMissing:
        return "CUDA libraries missing (2.8 GB): installer/setup --cuda";
    }
    return {};
}

CudaStatus openCuda(const std::filesystem::path& libtorch)
{
    CudaStatus status = lookForCuda(libtorch);
    status.sentence = cudaSentence(status.problem, status.driverVersion);
    const std::lock_guard lock(statusMutex);
    keptStatus() = status;
    return status;
}

CudaStatus cudaStatus()
{
    const std::lock_guard lock(statusMutex);
    return keptStatus();
}

} // namespace torchdesk
