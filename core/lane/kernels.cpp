// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/kernels.h"

namespace torchdesk::lane {

const Kernels& kernelsHere(int most)
{
#if defined(__x86_64__)
    if (most >= 16 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return lanes16::kernels;
    if (most >= 8 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return lanes8::kernels;
#endif
    return lanes4::kernels;
}

LossDivisors lossDivisors(const LossPlan& plan, const Batch& batch)
{
    const auto of = [&](const std::int64_t* labels) {
        if (!labels)
            return 1.0;
        double sum = 0;
        for (std::int64_t i = 0; i < batch.count; ++i)
            sum += plan.classWeights ? static_cast<double>(plan.classWeights[labels[i]]) : 1.0;
        return sum;
    };
    return {of(batch.labels), of(batch.otherLabels)};
}

} // namespace torchdesk::lane
