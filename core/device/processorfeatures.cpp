// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/processorfeatures.h"

namespace torchdesk {

std::string vectorUnits()
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
        return __builtin_cpu_supports("avx512bf16") ? "AVX-512, bf16" : "AVX-512";
    if (__builtin_cpu_supports("avx2"))
        return "AVX2";
#endif
    return "baseline";
}

bool hasFastBf16()
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16") != 0; // every processor with AMX has it too
#else
    return false;
#endif
}

} // namespace torchdesk
