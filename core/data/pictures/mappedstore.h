// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

namespace torchdesk {

/// Samples that lie in a file and are mapped read-only: what is not in use takes no memory, so a set may be
/// larger than memory. The file may be removed while it is mapped, and is not while others ask politely
/// (a shared flock is held). Never changes; any thread may read.
class MappedSamples
{
public:
    /// Maps \p count × \p sampleBytes bytes of \p descriptor from \p offset on, and owns the descriptor.
    static Expected<std::shared_ptr<const MappedSamples>> map(int descriptor, const std::string& file,
                                                              std::size_t offset, std::int64_t count,
                                                              std::int64_t sampleBytes);
    ~MappedSamples();
    MappedSamples(const MappedSamples&) = delete;
    MappedSamples& operator=(const MappedSamples&) = delete;

    std::int64_t count() const { return m_count; }
    std::int64_t sampleBytes() const { return m_sampleBytes; }
    std::span<const std::uint8_t> all() const { return part(0, m_count); }
    /// The samples \p first … \p first + \p count - 1.
    std::span<const std::uint8_t> part(std::int64_t first, std::int64_t count) const;

private:
    MappedSamples() = default;

    int m_descriptor = -1;
    void* m_memory = nullptr;
    std::size_t m_length = 0;
    std::size_t m_offset = 0;
    std::int64_t m_count = 0;
    std::int64_t m_sampleBytes = 0;
};

/// One part of a data set over mapped samples: those from \p first on, one for each label. A set's pictures
/// lie in the order of the set, so each part (training, test) is a run of them; a picture that could not be
/// read is a sample of zeros at its place, which the split leaves out.
class MappedStore final : public SampleStore
{
public:
    MappedStore(std::shared_ptr<const MappedSamples> samples, std::int64_t first,
                std::vector<std::int64_t> labels);
    std::span<const std::uint8_t> samples() const override { return m_part; }
    std::span<const std::int64_t> labels() const override { return m_labels; }

private:
    std::shared_ptr<const MappedSamples> m_samples;
    std::vector<std::int64_t> m_labels;
    std::span<const std::uint8_t> m_part;
};

} // namespace torchdesk
