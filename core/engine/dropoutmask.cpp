// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/dropoutmask.h"

#include "core/base/philox.h"
#include "core/base/philoxlanes.h"
#include "core/engine/cudalink.h"

#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

constexpr std::size_t lanes = 16;

MaskArguments argumentsOf(float* out, std::int64_t count, const DropoutKey& key, double probability)
{
    MaskArguments arguments;
    arguments.out = out;
    arguments.count = count;
    arguments.key[0] = static_cast<std::uint32_t>(key.seed);
    arguments.key[1] = static_cast<std::uint32_t>(key.seed >> 32);
    arguments.counter[1] = key.node;
    arguments.counter[2] = static_cast<std::uint32_t>(key.step);
    arguments.counter[3] =
        (static_cast<std::uint32_t>(Purpose::Dropout) << 24) ^ static_cast<std::uint32_t>(key.step >> 32);
    arguments.threshold = static_cast<std::uint32_t>(std::min(std::round(probability * 0x1p32), 0x1p32 - 1));
    arguments.keep = static_cast<float>(1 / (1 - probability));
    return arguments;
}

/// Writes 4 × lanes elements, of which the first \p wanted are kept.
[[gnu::always_inline]] inline void group(const MaskArguments& job, std::uint32_t firstBlock, float* out)
{
    std::uint32_t c[4][lanes];
    for (std::uint32_t lane = 0; lane < lanes; ++lane) {
        c[0][lane] = firstBlock + lane;
        c[1][lane] = job.counter[1];
        c[2][lane] = job.counter[2];
        c[3][lane] = job.counter[3];
    }
    philoxLanes(c, job.key[0], job.key[1]);
    for (std::size_t lane = 0; lane < lanes; ++lane)
        for (std::size_t word = 0; word < 4; ++word)
            out[lane * 4 + word] = c[word][lane] < job.threshold ? 0.0f : job.keep;
}

[[gnu::always_inline]] inline void fill(const MaskArguments& job)
{
    constexpr std::size_t step = 4 * lanes;
    const auto count = static_cast<std::size_t>(job.count);
    std::size_t done = 0;
    for (; done + step <= count; done += step)
        group(job, static_cast<std::uint32_t>(done / 4), job.out + done);
    if (done < count) {
        float rest[step];
        group(job, static_cast<std::uint32_t>(done / 4), rest);
        std::copy_n(rest, count - done, job.out + done);
    }
}

#if defined(__x86_64__)
[[gnu::target("avx512f")]] void fillAvx512(const MaskArguments& job)
{
    fill(job);
}
[[gnu::target("avx2")]] void fillAvx2(const MaskArguments& job)
{
    fill(job);
}
#endif

void fillHere(const MaskArguments& job)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f"))
        return fillAvx512(job);
    if (__builtin_cpu_supports("avx2"))
        return fillAvx2(job);
#endif
    fill(job);
}

at::Tensor generatorMask(at::IntArrayRef sizes, const at::TensorOptions& options, const DropoutKey& key,
                         double probability)
{
    // One number for the key, so that layers and steps do not share a stream.
    Random random(key.seed, Purpose::Dropout, key.step, key.node);
    at::Generator generator = at::globalContext().defaultGenerator(options.device()).clone();
    generator.set_current_seed(random.next64());
    return at::empty(sizes, options).bernoulli_(1 - probability, generator).div_(1 - probability);
}

} // namespace

void fillDropoutMask(std::span<float> mask, const DropoutKey& key, double probability)
{
    fillHere(argumentsOf(mask.data(), static_cast<std::int64_t>(mask.size()), key, probability));
}

at::Tensor dropoutMask(at::IntArrayRef sizes, const at::TensorOptions& options, const DropoutKey& key,
                       double probability)
{
    const TorchDeskCudaEntry* module = options.device().is_cuda() ? cudaModule() : nullptr;
    if (!module && !options.device().is_cpu())
        return generatorMask(sizes, options, key, probability);
    at::Tensor mask = at::empty(sizes, options.dtype(at::kFloat));
    const MaskArguments arguments =
        argumentsOf(mask.mutable_data_ptr<float>(), mask.numel(), key, probability);
    if (module) {
        const char* problem = module->dropoutMask(&arguments, options.device().index());
        TORCH_CHECK(!problem, "CUDA: ", problem);
    } else {
        fillHere(arguments);
    }
    return mask.to(options.dtype().toScalarType());
}

} // namespace torchdesk
