// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/engine/torchheaders.h"

#include <memory>
#include <optional>
#include <span>

namespace torchdesk {

/// The inputs of a batch before they are made: bytes of a data set in memory, picked by indices. Borrowed.
struct RawSamples
{
    const std::uint8_t* samples = nullptr;
    const std::int64_t* indices = nullptr;
    const float* factor = nullptr; ///< a channel: input = byte × factor + offset
    const float* offset = nullptr;
};

struct Batch
{
    at::Tensor inputs;        ///< count × channels × height × width floats; undefined where raw has them
    at::Tensor labels;        ///< count, int64
    at::Tensor otherLabels{}; ///< of a mixed batch: the labels of the partners; else undefined
    double share = 1;         ///< of labels, where there are others
    std::optional<RawSamples> raw{};
    std::int64_t count() const { return labels.size(0); }
};

/// Turns bytes on a device into what the network sees.
class Normaliser
{
public:
    Normaliser(const Preprocessing& preprocessing, at::Device device);
    /// \p samples: bytes, any count × channels × height × width; \p indices: int64; both on the device.
    /// \p out: count × channels × height × width floats, written.
    void gather(const at::Tensor& samples, const at::Tensor& indices, at::Tensor& out) const;
    /// What gather() would read, as pointers; on the processor only.
    RawSamples raw(const at::Tensor& samples, const at::Tensor& indices) const;
    const Shape& shape() const { return m_preprocessing.shape; }
    const Preprocessing& preprocessing() const { return m_preprocessing; }
    at::Device device() const { return m_factor.device(); }

private:
    Preprocessing m_preprocessing;
    at::Tensor m_factor; ///< one a channel
    at::Tensor m_offset;
};

/// One part of a data set, resident as bytes on the device (on the processor: the store's own memory, not a
/// copy). A batch is an index gather into buffers that are used again: it holds until the next call.
class BatchSource
{
public:
    BatchSource(std::shared_ptr<const SampleStore> store, const Preprocessing& preprocessing,
                at::Device device);
    /// \p indices: int64 on the device, each within the store.
    Batch gather(const at::Tensor& indices);
    /// The same without making the inputs; on the processor only. \p indices must outlive the batch.
    Batch gatherRaw(const at::Tensor& indices);

private:
    Batch room(std::int64_t count, bool inputs);

    std::shared_ptr<const SampleStore> m_store;
    Normaliser m_normaliser;
    at::Tensor m_samples;
    at::Tensor m_labels;
    at::Tensor m_inputs; ///< grows to the largest batch seen
    at::Tensor m_targets;
};

/// Indices as a tensor on the device.
at::Tensor indexTensor(std::span<const std::int64_t> indices, at::Device device);

} // namespace torchdesk
