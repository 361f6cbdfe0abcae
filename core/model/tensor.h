// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/files.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace torchdesk {

/// Sizes of a tensor, without the batch: {channels, height, width} or {features}.
using Shape = std::vector<std::int64_t>;

/// The product of the sizes (1 for a scalar), or nullopt where it overflows or a size is negative.
std::optional<std::int64_t> elementCount(const Shape& shape);

/// Names as in safetensors: BOOL U8 I8 I16 U16 F16 BF16 I32 U32 F32 F64 I64 U64.
enum class DType
{
    Bool,
    U8,
    I8,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    F64,
    I64,
    U64
};

std::size_t elementSize(DType type);
const char* dtypeName(DType type);
std::optional<DType> dtypeNamed(std::string_view name);

/// A tensor as named bytes: contiguous, row-major, little-endian. The bytes are shared and never change, so a
/// snapshot is cheap to hand around between threads.
struct NamedTensor
{
    std::string name;
    DType type = DType::F32;
    Shape shape;
    std::shared_ptr<const Bytes> bytes;

    /// Name, type, shape and every byte.
    bool operator==(const NamedTensor& other) const;
};

} // namespace torchdesk
