// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cuda/cudaentry.h"

namespace torchdesk {

/// The twin on the processor of the CUDA module's kernel: same arguments, results equal within 1e-6. Runs on
/// the calling thread: a batch of small pictures is over before a second thread would have woken.
void gatherNormalise(const GatherArguments& arguments);

} // namespace torchdesk
