// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/statedict.h"

#include "core/base/text.h"
#include "core/engine/pickle.h"
#include "core/engine/tensors.h"
#include "core/engine/torcherror.h"

#include <caffe2/serialize/inline_container.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/csrc/jit/serialization/export.h>
#include <torch/csrc/jit/serialization/pickler.h>

#include <array>
#include <cstring>
#include <set>

namespace torchdesk {

namespace {

using caffe2::serialize::PyTorchStreamReader;
using caffe2::serialize::PyTorchStreamWriter;

/// Lets LibTorch's archive reader read from memory.
class MemoryAdapter final : public caffe2::serialize::ReadAdapterInterface
{
public:
    explicit MemoryAdapter(std::span<const std::byte> bytes) : m_bytes(bytes) {}
    std::size_t size() const override { return m_bytes.size(); }
    std::size_t read(std::uint64_t position, void* to, std::size_t count, const char*) const override
    {
        if (position > m_bytes.size() || count > m_bytes.size() - position)
            return 0;
        std::memcpy(to, m_bytes.data() + position, count);
        return count;
    }

private:
    std::span<const std::byte> m_bytes;
};

struct StorageType
{
    const char* name;
    DType type;
};

constexpr std::array<StorageType, 9> storageTypes{{
    {"torch BoolStorage", DType::Bool},
    {"torch ByteStorage", DType::U8},
    {"torch CharStorage", DType::I8},
    {"torch ShortStorage", DType::I16},
    {"torch HalfStorage", DType::F16},
    {"torch BFloat16Storage", DType::BF16},
    {"torch IntStorage", DType::I32},
    {"torch FloatStorage", DType::F32},
    {"torch DoubleStorage", DType::F64},
}};

std::optional<DType> storageType(const std::string& name)
{
    if (name == "torch LongStorage")
        return DType::I64;
    for (const StorageType& known : storageTypes)
        if (name == known.name)
            return known.type;
    return std::nullopt;
}

Shape contiguousStrides(const Shape& shape)
{
    Shape strides(shape.size(), 1);
    for (std::size_t i = shape.size(); i > 1; --i)
        strides[i - 2] = strides[i - 1] * std::max<std::int64_t>(shape[i - 1], 1);
    return strides;
}

class ArchiveReader
{
public:
    ArchiveReader(std::span<const std::byte> bytes, std::string source)
        : m_size(bytes.size()), m_source(std::move(source)), m_reader(std::make_shared<MemoryAdapter>(bytes))
    {}

    Expected<std::vector<NamedTensor>> read()
    {
        const auto pickle = record("data.pkl");
        if (!pickle)
            return failure(pickle);
        const auto value = readPickle(*pickle, m_source);
        if (!value)
            return failure(value);
        const auto* dict = std::get_if<PickleDict>(&value->value);
        if (!dict)
            return bad("it holds no dict of tensors");
        std::vector<NamedTensor> tensors;
        for (const auto& [key, item] : *dict->items) {
            auto tensor = named(key, item);
            if (!tensor)
                return failure(tensor);
            tensors.push_back(std::move(*tensor));
        }
        return tensors;
    }

private:
    tl::unexpected<Error> bad(const std::string& what) const
    {
        return failure(ErrorKind::InvalidInput, m_source + ": " + what + ". Export the weights again");
    }

    /// Records are stored uncompressed, so one that claims to be larger than the file is a damaged length;
    /// LibTorch would take gigabytes for it first.
    Expected<Bytes> record(const std::string& name)
    {
        if (!m_reader.hasRecord(name))
            return bad("the record '" + shortened(name, 60) + "' is missing");
        const std::size_t size = m_reader.getRecordSize(name);
        if (size > m_size)
            return bad("the record '" + shortened(name, 60) + "' is larger than the file");
        m_taken += size;
        if (m_taken > 2 * m_size)
            return bad("its records are larger than the file");
        Bytes bytes(size);
        if (m_reader.getRecord(name, bytes.data(), size) != size)
            return bad("the record '" + shortened(name, 60) + "' is cut short");
        return bytes;
    }

    Expected<NamedTensor> named(const PickleValue& key, const PickleValue& item)
    {
        const auto* name = std::get_if<std::string>(&key.value);
        const auto* tensor = std::get_if<PickleTensor>(&item.value);
        if (!name || !tensor)
            return bad("it holds something else than named tensors");
        const auto type = storageType(tensor->storage.type);
        const auto elements = elementCount(tensor->shape);
        const std::string what = "tensor '" + shortened(*name, 60) + "' ";
        if (!type)
            return bad(what + "has the unknown type '" + shortened(tensor->storage.type, 40) + "'");
        if (!elements || tensor->offset != 0 || *elements != tensor->storage.elements ||
            tensor->strides != contiguousStrides(tensor->shape))
            return bad(what + "is not stored contiguously on its own");
        auto bytes = record("data/" + tensor->storage.key);
        if (!bytes)
            return failure(bytes);
        if (bytes->size() / elementSize(*type) != static_cast<std::size_t>(*elements) ||
            bytes->size() % elementSize(*type) != 0)
            return bad(what + "has " + std::to_string(bytes->size()) + " bytes, wanted " +
                       std::to_string(*elements) + " values of " + std::to_string(elementSize(*type)));
        return NamedTensor{*name, *type, tensor->shape, std::make_shared<const Bytes>(std::move(*bytes))};
    }

    std::size_t m_size;
    std::size_t m_taken = 0;
    std::string m_source;
    PyTorchStreamReader m_reader;
};

bool inStateDict(DType type)
{
    return type == DType::I64 ||
           std::ranges::any_of(storageTypes, [&](const StorageType& known) { return known.type == type; });
}

Expected<c10::impl::GenericDict> dictOf(const std::vector<NamedTensor>& tensors)
{
    c10::impl::GenericDict dict(c10::StringType::get(), c10::TensorType::get());
    for (const NamedTensor& tensor : tensors) {
        if (!inStateDict(tensor.type))
            return failure(ErrorKind::Unsupported,
                           "Tensor '" + tensor.name + "' is " + dtypeName(tensor.type) +
                               ", which a PyTorch state dict does not hold. Export as "
                               "safetensors");
        if (!dict.insert(tensor.name, toTensor(tensor)).second)
            return failure(ErrorKind::InvalidInput, "Two tensors are named '" + tensor.name + "'");
    }
    return dict;
}

} // namespace

Expected<Bytes> writeStateDict(const std::vector<NamedTensor>& tensors)
{
    const auto dict = dictOf(tensors);
    if (!dict)
        return failure(dict);
    std::string pickle;
    // Without tagged aggregates, which weights_only refuses.
    torch::jit::Pickler pickler([&](const char* text, std::size_t size) { pickle.append(text, size); },
                                nullptr, nullptr, nullptr, nullptr, /*tag_aggregates=*/false);
    pickler.protocol();
    pickler.pushIValue(*dict);
    pickler.stop();

    Bytes file;
    PyTorchStreamWriter writer([&](const void* data, std::size_t size) {
        const auto* from = static_cast<const std::byte*>(data);
        file.insert(file.end(), from, from + size);
        return size;
    });
    torch::jit::writeArchiveAndTensors("data", pickle.data(), pickle.size(), pickler.tensorData(), writer);
    writer.writeEndOfFile();
    return file;
}

Expected<std::vector<NamedTensor>> readStateDict(std::span<const std::byte> bytes, const std::string& source)
{
    auto result = guarded(source, [&] { return ArchiveReader(bytes, source).read(); });
    if (!result && result.error().kind == ErrorKind::Internal) {
        Error error = result.error();
        error.kind = ErrorKind::InvalidInput;
        error.message =
            source + ": it is not a PyTorch state dict, or it is damaged. Export the weights again";
        return tl::unexpected<Error>(std::move(error));
    }
    return result;
}

} // namespace torchdesk
