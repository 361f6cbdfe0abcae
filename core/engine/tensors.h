// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/engine/torchheaders.h"
#include "core/model/tensor.h"

#include <optional>

/// Between at::Tensor and the torch-free NamedTensor. May throw c10::Error; called inside a guarded()
/// boundary.
namespace torchdesk {

at::ScalarType scalarType(DType type);
/// nullopt for types that have no name in safetensors (complex, quantised).
std::optional<DType> dtypeOf(at::ScalarType type);
Shape shapeOf(const at::Tensor& tensor);

/// A copy of the tensor's content, from whatever device and layout.
NamedTensor toNamed(const std::string& name, const at::Tensor& tensor);
/// A tensor on the processor with a copy of the bytes.
at::Tensor toTensor(const NamedTensor& tensor);
/// Copies into an existing tensor after comparing type and shape; \p tensor keeps its device.
Expected<void> copyInto(const NamedTensor& source, at::Tensor tensor);

} // namespace torchdesk
