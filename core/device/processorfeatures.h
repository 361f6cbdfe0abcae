// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace torchdesk {

/// "AVX-512, bf16", "AVX2", "baseline": what CPUID says this processor can do.
std::string vectorUnits();

} // namespace torchdesk
