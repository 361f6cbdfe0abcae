// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cuda/kernels.h"

#include <algorithm>

namespace torchdesk {

namespace {

constexpr unsigned threadsPerBlock = 256;
constexpr std::int64_t mostBlocks = 65535;

unsigned blocksFor(std::int64_t elements)
{
    return static_cast<unsigned>(
        std::clamp<std::int64_t>((elements + threadsPerBlock - 1) / threadsPerBlock, 1, mostBlocks));
}

__device__ std::int64_t firstElement()
{
    return static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}

__device__ std::int64_t stride()
{
    return static_cast<std::int64_t>(gridDim.x) * blockDim.x;
}

/// One thread an element; neighbours read neighbouring bytes. The twin of core/engine/gathernormalise.cpp.
__global__ void gatherNormaliseKernel(GatherArguments a)
{
    const std::int64_t elements = a.channels * a.pixels;
    for (std::int64_t i = firstElement(); i < a.count * elements; i += stride()) {
        const std::int64_t within = i % elements;
        const std::int64_t channel = within / a.pixels;
        const std::uint8_t value = a.samples[a.indices[i / elements] * elements + within];
        a.out[i] = static_cast<float>(value) * a.factor[channel] + a.offset[channel];
    }
}

/// One thread a Philox4x32-10 block of four elements: core/base/philox.cpp, word for word.
__global__ void dropoutMaskKernel(MaskArguments a)
{
    for (std::int64_t block = firstElement(); block * 4 < a.count; block += stride()) {
        std::uint32_t c[4] = {a.counter[0] + static_cast<std::uint32_t>(block), a.counter[1], a.counter[2],
                              a.counter[3]};
        std::uint32_t key0 = a.key[0];
        std::uint32_t key1 = a.key[1];
        for (int round = 0; round < 10; ++round) {
            const std::uint32_t high0 = __umulhi(0xD2511F53u, c[0]);
            const std::uint32_t low0 = 0xD2511F53u * c[0];
            const std::uint32_t high1 = __umulhi(0xCD9E8D57u, c[2]);
            const std::uint32_t low1 = 0xCD9E8D57u * c[2];
            c[0] = high1 ^ c[1] ^ key0;
            c[1] = low1;
            c[2] = high0 ^ c[3] ^ key1;
            c[3] = low0;
            key0 += 0x9E3779B9u;
            key1 += 0xBB67AE85u;
        }
        for (int word = 0; word < 4 && block * 4 + word < a.count; ++word)
            a.out[block * 4 + word] = c[word] < a.threshold ? 0.0f : a.keep;
    }
}

} // namespace

cudaError_t launchGatherNormalise(const GatherArguments& arguments, cudaStream_t stream)
{
    const std::int64_t elements = arguments.count * arguments.channels * arguments.pixels;
    if (elements == 0)
        return cudaSuccess;
    gatherNormaliseKernel<<<blocksFor(elements), threadsPerBlock, 0, stream>>>(arguments);
    return cudaGetLastError();
}

cudaError_t launchDropoutMask(const MaskArguments& arguments, cudaStream_t stream)
{
    if (arguments.count == 0)
        return cudaSuccess;
    dropoutMaskKernel<<<blocksFor((arguments.count + 3) / 4), threadsPerBlock, 0, stream>>>(arguments);
    return cudaGetLastError();
}

} // namespace torchdesk
