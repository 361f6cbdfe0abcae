// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/tensors.h"

#include "core/base/text.h"

#include <array>
#include <cstring>
#include <utility>

namespace torchdesk {

namespace {

constexpr std::array<std::pair<DType, at::ScalarType>, 13> types{{
    {DType::Bool, at::kBool},
    {DType::U8, at::kByte},
    {DType::I8, at::kChar},
    {DType::I16, at::kShort},
    {DType::U16, at::kUInt16},
    {DType::F16, at::kHalf},
    {DType::BF16, at::kBFloat16},
    {DType::I32, at::kInt},
    {DType::U32, at::kUInt32},
    {DType::F32, at::kFloat},
    {DType::F64, at::kDouble},
    {DType::I64, at::kLong},
    {DType::U64, at::kUInt64},
}};

std::string described(DType type, const Shape& shape)
{
    return std::string(dtypeName(type)) + " " + (shape.empty() ? "scalar" : shapeText(shape));
}

} // namespace

at::ScalarType scalarType(DType type)
{
    for (const auto& [ours, theirs] : types)
        if (ours == type)
            return theirs;
    return at::ScalarType::Undefined;
}

std::optional<DType> dtypeOf(at::ScalarType type)
{
    for (const auto& [ours, theirs] : types)
        if (theirs == type)
            return ours;
    return std::nullopt;
}

Shape shapeOf(const at::Tensor& tensor)
{
    return tensor.sizes().vec();
}

NamedTensor toNamed(const std::string& name, const at::Tensor& tensor)
{
    const at::Tensor local = tensor.detach().to(at::kCPU).contiguous();
    const auto type = dtypeOf(local.scalar_type());
    TORCH_CHECK(type, name, " has a type that files cannot hold");
    auto bytes = std::make_shared<Bytes>(local.nbytes());
    if (!bytes->empty())
        std::memcpy(bytes->data(), local.const_data_ptr(), bytes->size());
    return {name, *type, shapeOf(local), std::move(bytes)};
}

at::Tensor toTensor(const NamedTensor& tensor)
{
    at::Tensor made = at::empty(tensor.shape, scalarType(tensor.type));
    TORCH_CHECK(tensor.bytes && tensor.bytes->size() == made.nbytes(), tensor.name, " has ",
                tensor.bytes ? tensor.bytes->size() : 0, " bytes, wanted ", made.nbytes());
    if (made.nbytes() > 0)
        std::memcpy(made.mutable_data_ptr(), tensor.bytes->data(), made.nbytes());
    return made;
}

Expected<void> copyInto(const NamedTensor& source, at::Tensor tensor)
{
    const DType wanted = dtypeOf(tensor.scalar_type()).value_or(DType::F32);
    const bool fits = source.type == wanted && source.shape == shapeOf(tensor) && source.bytes &&
                      source.bytes->size() == tensor.nbytes();
    if (!fits)
        return failure(ErrorKind::InvalidInput, "Tensor '" + source.name + "': found " +
                                                    described(source.type, source.shape) + ", wanted " +
                                                    described(wanted, shapeOf(tensor)) +
                                                    ". Use weights that were trained with this model");
    c10::NoGradGuard noGrad;
    tensor.copy_(toTensor(source));
    return {};
}

} // namespace torchdesk
