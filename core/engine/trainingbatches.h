// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/augment/augmenter.h"
#include "core/engine/batch.h"
#include "core/session/trainingjob.h"

#include <array>
#include <c10/core/Event.h>
#include <optional>

namespace torchdesk {

/// The batches that train. Without augmentation they are gathered on the device as any others; with it the
/// processor varies them, while a CUDA device still works on the step before, and they are sent there from
/// pinned memory. Belongs to the training's thread, whose number of threads it uses.
class TrainingBatches
{
public:
    /// \p plain: the training part as it is; must outlive this.
    TrainingBatches(const TrainingJob& job, BatchSource& plain, at::Device device);
    /// Where the indices of gather() must lie.
    at::Device indexDevice() const { return m_augmenter ? at::Device(at::kCPU) : m_device; }
    /// The samples at \p indices (int64), the first of which stands at \p first in the order of \p epoch. The
    /// batch holds until the next call.
    Batch gather(const at::Tensor& indices, std::int64_t epoch, std::int64_t first);
    /// Whether batches of the processor that nothing varies come raw, without inputs.
    void setRaw(bool raw) { m_raw = raw; }

private:
    struct Slot
    {
        at::Tensor inputs; ///< on the processor; grows to the largest batch seen
        at::Tensor labels;
        std::optional<c10::Event> sent; ///< set while a copy to the device is on its way
    };

    Slot& freeSlot(std::int64_t count);
    void fill(Slot& slot, std::span<const std::int64_t> indices, std::int64_t epoch,
              std::int64_t first) const;
    Batch send(Slot& slot, std::int64_t count);

    BatchSource& m_plain;
    at::Device m_device;
    std::shared_ptr<const SampleStore> m_store;
    bool m_raw = false;
    bool m_repeats;                       ///< a sample may come several times in an epoch
    std::optional<Augmenter> m_augmenter; ///< nullopt: nothing is varied
    std::array<Slot, 2> m_slots;          ///< a CUDA device still reads one while the other is filled
    std::size_t m_next = 0;
};

/// The engine's twin of augment::mix: pictures and labels of a batch, in place, on its device.
void mixBatch(Batch& batch, const augment::Mix& mix);

} // namespace torchdesk
