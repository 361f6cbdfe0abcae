// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cuda/cudaentry.h"

#include <cuda_runtime_api.h>

namespace torchdesk {

/// Both put their kernel on \p stream of the current device and do not wait.
cudaError_t launchGatherNormalise(const GatherArguments& arguments, cudaStream_t stream);
cudaError_t launchDropoutMask(const MaskArguments& arguments, cudaStream_t stream);

} // namespace torchdesk
