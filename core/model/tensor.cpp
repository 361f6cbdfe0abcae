// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/tensor.h"

#include <algorithm>
#include <array>

namespace torchdesk {

namespace {

struct DTypeRow
{
    DType type;
    const char* name;
    std::size_t size;
};

constexpr std::array<DTypeRow, 13> types = {{
    {DType::Bool, "BOOL", 1},
    {DType::U8, "U8", 1},
    {DType::I8, "I8", 1},
    {DType::I16, "I16", 2},
    {DType::U16, "U16", 2},
    {DType::F16, "F16", 2},
    {DType::BF16, "BF16", 2},
    {DType::I32, "I32", 4},
    {DType::U32, "U32", 4},
    {DType::F32, "F32", 4},
    {DType::F64, "F64", 8},
    {DType::I64, "I64", 8},
    {DType::U64, "U64", 8},
}};

const DTypeRow& rowOf(DType type)
{
    return types[static_cast<std::size_t>(type)];
}

} // namespace

std::optional<std::int64_t> elementCount(const Shape& shape)
{
    if (std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; }))
        return std::nullopt;
    // Without elements nothing overflows, however large the other sizes are.
    if (std::find(shape.begin(), shape.end(), 0) != shape.end())
        return 0;
    std::int64_t count = 1;
    for (const std::int64_t size : shape) {
        if (__builtin_mul_overflow(count, size, &count))
            return std::nullopt;
    }
    return count;
}

std::size_t elementSize(DType type)
{
    return rowOf(type).size;
}

const char* dtypeName(DType type)
{
    return rowOf(type).name;
}

std::optional<DType> dtypeNamed(std::string_view name)
{
    for (const DTypeRow& row : types) {
        if (name == row.name)
            return row.type;
    }
    return std::nullopt;
}

bool NamedTensor::operator==(const NamedTensor& other) const
{
    if (name != other.name || type != other.type || shape != other.shape)
        return false;
    if (bytes == other.bytes)
        return true;
    return bytes && other.bytes && *bytes == *other.bytes;
}

} // namespace torchdesk
