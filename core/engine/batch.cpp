// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/batch.h"

#include "core/engine/cudalink.h"
#include "core/engine/gathernormalise.h"

#include <c10/core/InferenceMode.h>
#include <vector>

namespace torchdesk {

namespace {

/// The store's memory as a tensor, without a copy. The store never changes, and nothing here writes to it.
template <class T>
at::Tensor view(std::span<const T> values, at::IntArrayRef sizes, at::ScalarType type)
{
    return at::from_blob(const_cast<T*>(values.data()), sizes, at::TensorOptions(type));
}

std::vector<std::int64_t> withCount(std::int64_t count, const Shape& shape)
{
    std::vector<std::int64_t> sizes{count};
    sizes.insert(sizes.end(), shape.begin(), shape.end());
    return sizes;
}

GatherArguments argumentsOf(const at::Tensor& samples, const at::Tensor& indices, const at::Tensor& factor,
                            const at::Tensor& offset, at::Tensor& out)
{
    GatherArguments arguments;
    arguments.samples = samples.const_data_ptr<std::uint8_t>();
    arguments.indices = indices.const_data_ptr<std::int64_t>();
    arguments.count = indices.size(0);
    arguments.channels = factor.size(0);
    arguments.pixels = indices.size(0) > 0 ? out.numel() / indices.size(0) / arguments.channels : 0;
    arguments.factor = factor.const_data_ptr<float>();
    arguments.offset = offset.const_data_ptr<float>();
    arguments.out = out.mutable_data_ptr<float>();
    return arguments;
}

} // namespace

Normaliser::Normaliser(const Preprocessing& preprocessing, at::Device device) : m_preprocessing(preprocessing)
{
    TORCH_CHECK(!shape().empty(), "the preprocessing has no shape");
    const auto channels = static_cast<std::size_t>(shape()[0]);
    std::vector<float> factor;
    std::vector<float> offset;
    for (std::size_t c = 0; c < channels; ++c) {
        const double mean = c < preprocessing.mean.size() ? preprocessing.mean[c] : 0.0;
        const double deviation = c < preprocessing.deviation.size() ? preprocessing.deviation[c] : 1.0;
        factor.push_back(static_cast<float>(preprocessing.scale / deviation));
        offset.push_back(static_cast<float>(-mean / deviation));
    }
    m_factor = at::tensor(factor).to(device);
    m_offset = at::tensor(offset).to(device);
}

void Normaliser::gather(const at::Tensor& samples, const at::Tensor& indices, at::Tensor& out) const
{
    const GatherArguments arguments = argumentsOf(samples, indices, m_factor, m_offset, out);
    if (device().is_cpu())
        return gatherNormalise(arguments);
    if (const TorchDeskCudaEntry* module = cudaModule()) {
        const char* problem = module->gatherNormalise(&arguments, device().index());
        TORCH_CHECK(!problem, "CUDA: ", problem);
        return;
    }
    const at::Tensor chosen = at::index_select(samples, 0, indices);
    at::mul_out(out, chosen.to(at::kFloat), m_factor.view({-1, 1, 1}));
    out.add_(m_offset.view({-1, 1, 1}));
}

RawSamples Normaliser::raw(const at::Tensor& samples, const at::Tensor& indices) const
{
    return {samples.const_data_ptr<std::uint8_t>(), indices.const_data_ptr<std::int64_t>(),
            m_factor.const_data_ptr<float>(), m_offset.const_data_ptr<float>()};
}

BatchSource::BatchSource(std::shared_ptr<const SampleStore> store, const Preprocessing& preprocessing,
                         at::Device device)
    : m_store(std::move(store)), m_normaliser(preprocessing, device),
      m_samples(
          view(m_store->samples(), withCount(m_store->count(), preprocessing.shape), at::kByte).to(device)),
      m_labels(view(m_store->labels(), {m_store->count()}, at::kLong).to(device))
{}

Batch BatchSource::room(std::int64_t count, bool inputs)
{
    // Made in an evaluation they would be inference tensors, which no later training step may write to.
    const c10::InferenceMode ordinary(false);
    if (!m_targets.defined() || m_targets.size(0) < count)
        m_targets = at::empty({count}, m_labels.options());
    Batch batch;
    batch.labels = m_targets.narrow(0, 0, count);
    if (!inputs)
        return batch;
    if (!m_inputs.defined() || m_inputs.size(0) < count)
        m_inputs = at::empty(withCount(count, m_normaliser.shape()), m_samples.options().dtype(at::kFloat));
    batch.inputs = m_inputs.narrow(0, 0, count);
    return batch;
}

Batch BatchSource::gatherRaw(const at::Tensor& indices)
{
    const std::int64_t count = indices.size(0);
    Batch batch = room(count, false);
    batch.raw = m_normaliser.raw(m_samples, indices);
    const std::int64_t* labels = m_labels.const_data_ptr<std::int64_t>();
    auto* to = batch.labels.mutable_data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < count; ++i)
        to[i] = labels[batch.raw->indices[i]];
    return batch;
}

Batch BatchSource::gather(const at::Tensor& indices)
{
    Batch batch = room(indices.size(0), true);
    m_normaliser.gather(m_samples, indices, batch.inputs);
    at::index_select_out(batch.labels, m_labels, 0, indices);
    return batch;
}

at::Tensor indexTensor(std::span<const std::int64_t> indices, at::Device device)
{
    return view(indices, {static_cast<std::int64_t>(indices.size())}, at::kLong).clone().to(device);
}

} // namespace torchdesk
