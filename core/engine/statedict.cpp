// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/statedict.h"

#include "core/engine/tensors.h"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/export.h>
#include <torch/csrc/jit/serialization/pickler.h>

#include <algorithm>
#include <array>

namespace torchdesk {

namespace {

using caffe2::serialize::PyTorchStreamWriter;

constexpr std::array held = {DType::Bool, DType::U8,  DType::I8,  DType::I16, DType::F16,
                             DType::BF16, DType::I32, DType::F32, DType::F64, DType::I64};

Expected<c10::impl::GenericDict> dictOf(const std::vector<NamedTensor>& tensors)
{
    c10::impl::GenericDict dict(c10::StringType::get(), c10::TensorType::get());
    for (const NamedTensor& tensor : tensors) {
        if (std::ranges::find(held, tensor.type) == held.end())
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

} // namespace torchdesk
