// SPDX-License-Identifier: GPL-3.0-or-later
// The entry of the CUDA module: kernels on torch's streams, and what torch and CUDA know of a device.
#include "core/cuda/cudaentry.h"
#include "core/cuda/kernels.h"

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace {

using namespace torchdesk;
using c10::CachingAllocator::StatType;

const char* said(cudaError_t result)
{
    return result == cudaSuccess ? nullptr : cudaGetErrorString(result);
}

/// The one catch: nothing throws into the engine. The words live until the thread's next call.
template <class Work>
const char* guardedCall(Work&& work) noexcept
{
    try {
        return said(work());
    } catch (const c10::Error& error) {
        thread_local std::string words;
        words = error.what_without_backtrace();
        return words.c_str();
    } catch (...) {
        return "an unknown exception was thrown";
    }
}

const char* gatherNormalise(const GatherArguments* arguments, int device)
{
    return guardedCall([&] {
        const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
        return launchGatherNormalise(*arguments, c10::cuda::getCurrentCUDAStream().stream());
    });
}

const char* dropoutMask(const MaskArguments* arguments, int device)
{
    return guardedCall([&] {
        const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
        return launchDropoutMask(*arguments, c10::cuda::getCurrentCUDAStream().stream());
    });
}

const char* allocatorFigures(int device, AllocatorFigures* figures)
{
    return guardedCall([&] {
        const auto stats =
            c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(device));
        const auto& allocated = stats.allocated_bytes[static_cast<std::size_t>(StatType::AGGREGATE)];
        figures->current = static_cast<std::uint64_t>(allocated.current);
        figures->peak = static_cast<std::uint64_t>(allocated.peak);
        return cudaSuccess;
    });
}

const char* resetPeak(int device)
{
    return guardedCall([&] {
        c10::cuda::CUDACachingAllocator::resetPeakStats(static_cast<c10::DeviceIndex>(device));
        return cudaSuccess;
    });
}

const char* deviceFigures(int device, CudaDeviceFigures* figures)
{
    return guardedCall([&] {
        cudaDeviceProp properties{};
        if (const cudaError_t result = cudaGetDeviceProperties(&properties, device); result != cudaSuccess)
            return result;
        const std::size_t length = std::min(std::strlen(properties.name), sizeof(figures->name) - 1);
        std::memcpy(figures->name, properties.name, length);
        figures->name[length] = '\0';
        figures->capability = properties.major * 10 + properties.minor;
        if (const cudaError_t result =
                cudaDeviceGetPCIBusId(figures->pciBus, sizeof(figures->pciBus), device);
            result != cudaSuccess)
            return result;
        const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
        std::size_t freeBytes = 0;
        std::size_t totalBytes = 0;
        const cudaError_t result = cudaMemGetInfo(&freeBytes, &totalBytes);
        figures->freeMemory = freeBytes;
        figures->totalMemory = totalBytes;
        return result;
    });
}

constexpr TorchDeskCudaEntry entry{
    sizeof(TorchDeskCudaEntry), TORCHDESK_BUILD_ID, gatherNormalise, dropoutMask,
    allocatorFigures,           resetPeak,          deviceFigures};

} // namespace

extern "C" __attribute__((visibility("default"))) const TorchDeskCudaEntry* torchdeskCuda();

const TorchDeskCudaEntry* torchdeskCuda()
{
    return &entry;
}
