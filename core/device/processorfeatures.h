// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace torchdesk {

/// "AVX-512, bf16", "AVX2", "baseline": what CPUID says this processor can do.
std::string vectorUnits();

/// Does the processor have instructions for bf16 (AVX512-BF16 or AMX)? Without them it is slower than fp32.
bool hasFastBf16();

} // namespace torchdesk
