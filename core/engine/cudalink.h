// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cuda/cudaentry.h"

namespace torchdesk {

/// True where LibTorch's CUDA part was loaded and sees a card. The loader of the engine loads it beforehand:
/// asking LibTorch about CUDA before that would fix the answer "no" for the whole process.
bool cudaInUse();
int cudaDeviceCount();

/// The CUDA module (core/cuda), opened on first use where CUDA is in use; nullptr where it was not built or
/// does not fit. The engine then does with LibTorch's own operators what the module would do. Any thread;
/// never closed.
const TorchDeskCudaEntry* cudaModule();

} // namespace torchdesk
