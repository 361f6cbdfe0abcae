// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset.h"

#include <algorithm>
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

std::vector<std::int64_t> testSamples(const DataSet& data)
{
    std::vector<std::int64_t> usable;
    const std::int64_t count = data.test ? data.test->count() : 0;
    for (std::int64_t i = 0; i < count; ++i) {
        if (!data.parts || !std::ranges::binary_search(data.parts->unusableTest, i))
            usable.push_back(i);
    }
    return usable;
}

} // namespace torchdesk
