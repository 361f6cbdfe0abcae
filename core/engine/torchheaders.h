// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The precompiled header of the engine: LibTorch costs many seconds a file, so every file of the engine
// shares this one. ATen is enough: autograd is reached through at::Tensor, and torch/torch.h would double the
// cost.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <c10/util/Exception.h>
