// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

/// What the engine calls of the CUDA module. Plain C types only, so that neither side needs the other's
/// headers.
namespace torchdesk {

/// Takes samples by index and normalises them: out[i][c][p] = samples[indices[i]][c][p] × factor[c] +
/// offset[c]. All pointers are of one device (or of the processor, for the twin in
/// core/engine/gathernormalise.h).
struct GatherArguments
{
    const std::uint8_t* samples = nullptr; ///< any count × channels × pixels
    const std::int64_t* indices = nullptr; ///< count, each within the samples
    std::int64_t count = 0;
    std::int64_t channels = 0;
    std::int64_t pixels = 0;       ///< height × width
    const float* factor = nullptr; ///< one a channel
    const float* offset = nullptr; ///< one a channel
    float* out = nullptr;          ///< count × channels × pixels
};

/// The mask of core/engine/dropoutmask.h, word for word.
struct MaskArguments
{
    float* out = nullptr;
    std::int64_t count = 0;
    std::uint32_t key[2] = {};
    std::uint32_t counter[4] = {}; ///< of the first block; word 0 grows
    std::uint32_t threshold = 0;   ///< words below it are dropped
    float keep = 1;                ///< value of what is kept
};

/// What torch's allocator holds on a device, in bytes.
struct AllocatorFigures
{
    std::uint64_t current = 0;
    std::uint64_t peak = 0; ///< since the last resetPeak
};

struct CudaDeviceFigures
{
    char name[128] = {};  ///< "NVIDIA RTX 4090"
    char pciBus[32] = {}; ///< "0000:01:00.0"
    std::uint64_t totalMemory = 0;
    std::uint64_t freeMemory = 0;
    int capability = 0; ///< major × 10 + minor: 75, 89, 90
};

} // namespace torchdesk

/// Exported as "torchdeskCuda". Kernels are put on the current stream of torch on that device and do not
/// wait. Each call returns nullptr, or CUDA's own words for what went wrong.
extern "C" struct TorchDeskCudaEntry
{
    std::size_t size;    ///< sizeof(TorchDeskCudaEntry)
    const char* buildId; ///< TORCHDESK_BUILD_ID of the module
    const char* (*gatherNormalise)(const torchdesk::GatherArguments* arguments, int device);
    const char* (*dropoutMask)(const torchdesk::MaskArguments* arguments, int device);
    const char* (*allocatorFigures)(int device, torchdesk::AllocatorFigures* figures);
    const char* (*resetPeak)(int device);
    const char* (*deviceFigures)(int device, torchdesk::CudaDeviceFigures* figures);
};

extern "C" using TorchDeskCudaFunction = const TorchDeskCudaEntry * ();
