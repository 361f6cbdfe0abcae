// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset.h"

#include <cassert>
#include <cstring>

namespace torchdesk {

ResidentStore::ResidentStore(std::vector<std::uint8_t> samples, std::vector<std::int64_t> labels)
    : m_samples(std::move(samples)), m_labels(std::move(labels))
{
    assert(m_labels.empty() ? m_samples.empty() : m_samples.size() % m_labels.size() == 0);
}

void gather(const SampleStore& store, std::int64_t sampleBytes, std::span<const std::int64_t> indices,
            std::span<std::uint8_t> out)
{
    const auto size = static_cast<std::size_t>(sampleBytes);
    const std::span<const std::uint8_t> samples = store.samples();
    assert(out.size() >= indices.size() * size);
    std::uint8_t* target = out.data();
    for (const std::int64_t index : indices) {
        assert(index >= 0 && index < store.count());
        std::memcpy(target, samples.data() + static_cast<std::size_t>(index) * size, size);
        target += size;
    }
}

} // namespace torchdesk
