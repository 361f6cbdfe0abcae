// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/tensor.h"

#include <span>

namespace torchdesk {

/// The bytes of a .pt file that torch.load(weights_only=True) and load_state_dict(strict=True) take. LibTorch
/// writes into memory only: it aborts the process where a disk is full. May throw c10::Error.
Expected<Bytes> writeStateDict(const std::vector<NamedTensor>& tensors);

/// Reads such a file, also one that Python's torch.save wrote of a state dict of contiguous tensors, in its
/// order. Every size is compared with the file's before memory is taken; bad bytes are an error that begins
/// with \p source.
Expected<std::vector<NamedTensor>> readStateDict(std::span<const std::byte> bytes, const std::string& source);

} // namespace torchdesk
