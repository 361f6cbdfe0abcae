// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/storages.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace torchdesk {

namespace {

struct StorageType
{
    const char* name;
    DType type;
};

constexpr std::array<StorageType, 10> storageTypes{{
    {"torch BoolStorage", DType::Bool},
    {"torch ByteStorage", DType::U8},
    {"torch CharStorage", DType::I8},
    {"torch ShortStorage", DType::I16},
    {"torch HalfStorage", DType::F16},
    {"torch BFloat16Storage", DType::BF16},
    {"torch IntStorage", DType::I32},
    {"torch FloatStorage", DType::F32},
    {"torch DoubleStorage", DType::F64},
    {"torch LongStorage", DType::I64},
}};

/// Elements from the first that the tensor uses to the last, or nullopt where that is no number or negative.
std::optional<std::int64_t> elementsReached(const PickleTensor& tensor)
{
    if (tensor.offset < 0 || tensor.strides.size() != tensor.shape.size())
        return std::nullopt;
    std::int64_t last = tensor.offset;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        std::int64_t way = 0;
        if (tensor.strides[i] < 0 || tensor.shape[i] < 1 ||
            __builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &way) ||
            __builtin_add_overflow(last, way, &last))
            return std::nullopt;
    }
    std::int64_t reached = 0;
    return __builtin_add_overflow(last, 1, &reached) ? std::nullopt : std::optional(reached);
}

bool isContiguous(const PickleTensor& tensor)
{
    std::int64_t expected = 1;
    for (std::size_t i = tensor.shape.size(); i > 0; --i) {
        if (tensor.shape[i - 1] != 1 && tensor.strides[i - 1] != expected)
            return false;
        expected *= tensor.shape[i - 1]; // no more than the elements, which were counted
    }
    return true;
}

/// Element after element in row-major order; every place was checked to be inside.
void copyStrided(std::span<const std::byte> from, const PickleTensor& tensor, std::size_t size, Bytes& to)
{
    std::vector<std::int64_t> index(tensor.shape.size(), 0);
    std::int64_t at = tensor.offset;
    for (std::size_t done = 0; done < to.size(); done += size) {
        std::memcpy(to.data() + done, from.data() + static_cast<std::size_t>(at) * size, size);
        for (std::size_t i = index.size(); i > 0; --i) {
            at += tensor.strides[i - 1];
            if (++index[i - 1] < tensor.shape[i - 1])
                break;
            at -= tensor.strides[i - 1] * tensor.shape[i - 1];
            index[i - 1] = 0;
        }
    }
}

Bytes copyPart(std::span<const std::byte> from, const PickleTensor& tensor, std::size_t elements,
               std::size_t size)
{
    if (elements == 0)
        return {};
    if (isContiguous(tensor)) {
        const auto part = from.subspan(static_cast<std::size_t>(tensor.offset) * size, elements * size);
        return {part.begin(), part.end()};
    }
    Bytes bytes(elements * size);
    copyStrided(from, tensor, size, bytes);
    return bytes;
}

} // namespace

std::optional<DType> storageType(const std::string& name)
{
    for (const StorageType& known : storageTypes)
        if (name == known.name)
            return known.type;
    return std::nullopt;
}

Storages::Storages(std::string source, std::size_t fileSize, Find find)
    : m_source(std::move(source)), m_left(std::max<std::size_t>(8 * fileSize, std::size_t{64} << 20)),
      m_find(std::move(find))
{}

Expected<Storages::Storage*> Storages::storage(const PickleStorage& wanted, DType type)
{
    auto found = m_storages.find(wanted.key);
    if (found == m_storages.end()) {
        const auto bytes = m_find(wanted.key);
        if (!bytes)
            return failure(bytes);
        found = m_storages.emplace(wanted.key, Storage{*bytes, nullptr}).first;
    }
    const std::size_t size = found->second.bytes.size();
    if (wanted.elements < 0 || size % elementSize(type) != 0 ||
        size / elementSize(type) != static_cast<std::size_t>(wanted.elements))
        return failure(ErrorKind::InvalidInput,
                       m_source + ": the storage '" + shortened(wanted.key, 40) + "' has " +
                           std::to_string(size) + " bytes, wanted " + std::to_string(wanted.elements) +
                           " values of " + std::to_string(elementSize(type)) + ". Get the file again");
    return &found->second;
}

Expected<NamedTensor> Storages::tensor(const std::string& name, const PickleTensor& wanted)
{
    const auto bad = [&](const std::string& what) {
        return failure(ErrorKind::InvalidInput,
                       m_source + ": tensor '" + shortened(name, 60) + "' " + what + ". Get the file again");
    };
    const auto type = storageType(wanted.storage.type);
    if (!type)
        return bad("has the unknown type '" + shortened(wanted.storage.type, 40) + "'");
    const auto held = storage(wanted.storage, *type);
    if (!held)
        return failure(held);
    Storage& from = **held;
    const auto elements = elementCount(wanted.shape);
    const auto reached = elements == 0 ? 0 : elementsReached(wanted);
    if (!elements || !reached || *reached > wanted.storage.elements)
        return bad("reaches beyond its storage");
    const std::size_t size = elementSize(*type);
    const auto count = static_cast<std::size_t>(*elements);
    if (count > m_left / size)
        return bad("is too large for the file: its tensors repeat their values");
    m_left -= count * size;
    NamedTensor made{name, *type, wanted.shape, from.whole};
    const bool all = count > 0 && *elements == wanted.storage.elements && isContiguous(wanted);
    if (!all || !from.whole)
        made.bytes = std::make_shared<const Bytes>(copyPart(from.bytes, wanted, count, size));
    if (all)
        from.whole = made.bytes;
    return made;
}

} // namespace torchdesk
