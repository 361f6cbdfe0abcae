// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/tensor.h"

namespace torchdesk {

/// The bytes of a .pt file that torch.load(weights_only=True) and load_state_dict(strict=True) take. LibTorch
/// writes into memory only: it aborts the process where a disk is full. May throw c10::Error. Read back by
/// core/formats/statedict.h.
Expected<Bytes> writeStateDict(const std::vector<NamedTensor>& tensors);

} // namespace torchdesk
