// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/trainingbatches.h"

#include <algorithm>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace torchdesk {

namespace {

/// Values that are worth a thread: about 50 µs of work.
constexpr std::int64_t augmentGrain = 16'384;

} // namespace

TrainingBatches::TrainingBatches(const TrainingJob& job, BatchSource& plain, at::Device device)
    : m_plain(plain), m_device(device), m_store(job.data.train),
      m_repeats(job.plan.recipe.classBalance == "sampling")
{
    const Augmentation& augmentation = job.plan.augmentation;
    if (augmentation.changesPictures() || augmentation.mixes())
        m_augmenter.emplace(augmentation, job.preprocessing, job.plan.seed);
}

Batch TrainingBatches::gather(const at::Tensor& indices, std::int64_t epoch, std::int64_t first)
{
    if (!m_augmenter)
        return m_raw && m_device.is_cpu() ? m_plain.gatherRaw(indices) : m_plain.gather(indices);
    const std::int64_t count = indices.size(0);
    Slot& slot = freeSlot(count);
    fill(slot, {indices.const_data_ptr<std::int64_t>(), static_cast<std::size_t>(count)}, epoch, first);
    Batch batch = send(slot, count);
    if (const auto mix = m_augmenter->drawMix(count, static_cast<std::uint64_t>(epoch), first); mix.active())
        mixBatch(batch, mix);
    return batch;
}

TrainingBatches::Slot& TrainingBatches::freeSlot(std::int64_t count)
{
    Slot& slot = m_slots[m_next];
    if (m_device.is_cuda())
        m_next = 1 - m_next;
    if (slot.sent) {
        slot.sent->synchronize();
        slot.sent.reset();
    }
    if (!slot.inputs.defined() || slot.inputs.size(0) < count) {
        const auto options = at::TensorOptions().pinned_memory(m_device.is_cuda());
        const augment::PictureShape& shape = m_augmenter->shape();
        slot.inputs =
            at::empty({count, shape.channels, shape.height, shape.width}, options.dtype(at::kFloat));
        slot.labels = at::empty({count}, options.dtype(at::kLong));
    }
    return slot;
}

void TrainingBatches::fill(Slot& slot, std::span<const std::int64_t> indices, std::int64_t epoch,
                           std::int64_t first) const
{
    const auto elements = static_cast<std::int64_t>(m_augmenter->shape().elements());
    auto* out = slot.inputs.mutable_data_ptr<float>();
    at::parallel_for(0, static_cast<std::int64_t>(indices.size()),
                     std::max<std::int64_t>(1, augmentGrain / elements),
                     [&](std::int64_t begin, std::int64_t end) {
                         m_augmenter->fill(m_store->samples(),
                                           indices.subspan(static_cast<std::size_t>(begin),
                                                           static_cast<std::size_t>(end - begin)),
                                           static_cast<std::uint64_t>(epoch), out + begin * elements,
                                           m_repeats ? std::optional(first + begin) : std::nullopt);
                     });
    auto* labels = slot.labels.mutable_data_ptr<std::int64_t>();
    for (const std::int64_t index : indices)
        *labels++ = m_store->labels()[static_cast<std::size_t>(index)];
}

Batch TrainingBatches::send(Slot& slot, std::int64_t count)
{
    Batch batch;
    batch.inputs = slot.inputs.narrow(0, 0, count);
    batch.labels = slot.labels.narrow(0, 0, count);
    if (!m_device.is_cuda())
        return batch;
    batch.inputs = batch.inputs.to(m_device, /*non_blocking=*/true);
    batch.labels = batch.labels.to(m_device, /*non_blocking=*/true);
    slot.sent.emplace(m_device.type());
    slot.sent->record(c10::impl::VirtualGuardImpl(m_device.type()).getStream(m_device));
    return batch;
}

void mixBatch(Batch& batch, const augment::Mix& mix)
{
    const at::Tensor partners = indexTensor(mix.partners, batch.inputs.device());
    const augment::Box& box = mix.box;
    const at::Tensor part =
        batch.inputs.narrow(2, box.top, box.height).narrow(3, box.left, box.width); // all of it for mixup
    const at::Tensor others = part.index_select(0, partners);
    if (mix.paste)
        part.copy_(others);
    else
        part.mul_(mix.share).add_(others, 1 - mix.share);
    batch.otherLabels = batch.labels.index_select(0, partners);
    batch.share = mix.share;
}

} // namespace torchdesk
