// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/tensor.h"

#include <span>

namespace torchdesk {

struct StateDict
{
    std::vector<NamedTensor> tensors; ///< in the order of the file
    std::string key;                  ///< where the tensors stand in a dict inside the file: "state_dict"
};

/// Reads what Python's torch.save(model.state_dict(), file) writes, in its present form (a zip archive) and
/// in that before PyTorch 1.6, and what TorchDesk exports; also a checkpoint that holds such a dict under a
/// usual key ('state_dict', 'model' …). Views and shared storages become tensors of their own. Nothing in the
/// file is executed. Checksums are compared, and every size with the file's before memory is taken. A whole
/// pickled model, a TorchScript archive and big-endian files are refused with what to do. \p source begins
/// every message. Any thread; never throws.
Expected<StateDict> readStateDict(std::span<const std::byte> bytes, const std::string& source);

/// Does the file begin like one of PyTorch's? The rest of it may be anything.
bool looksLikeStateDict(std::span<const std::byte> bytes);

} // namespace torchdesk
