// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/mappedstore.h"

#include "core/base/files.h"

#include <cassert>
#include <cerrno>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace torchdesk {

Expected<std::shared_ptr<const MappedSamples>> MappedSamples::map(int descriptor, const std::string& file,
                                                                  std::size_t offset, std::int64_t count,
                                                                  std::int64_t sampleBytes)
{
    std::shared_ptr<MappedSamples> mapped(new MappedSamples);
    mapped->m_descriptor = descriptor;
    mapped->m_offset = offset;
    mapped->m_count = count;
    mapped->m_sampleBytes = sampleBytes;
    mapped->m_length = offset + static_cast<std::size_t>(count) * static_cast<std::size_t>(sampleBytes);
    void* memory = mmap(nullptr, mapped->m_length, PROT_READ, MAP_SHARED, descriptor, 0);
    if (memory == MAP_FAILED)
        return tl::unexpected(systemError(errno, "Cannot map", file));
    mapped->m_memory = memory;
    return mapped;
}

MappedSamples::~MappedSamples()
{
    if (m_memory)
        munmap(m_memory, m_length);
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

std::span<const std::uint8_t> MappedSamples::part(std::int64_t first, std::int64_t count) const
{
    assert(first >= 0 && count >= 0 && first + count <= m_count);
    const auto* samples = static_cast<const std::uint8_t*>(m_memory) + m_offset;
    return {samples + first * m_sampleBytes, static_cast<std::size_t>(count * m_sampleBytes)};
}

MappedStore::MappedStore(std::shared_ptr<const MappedSamples> samples, std::int64_t first,
                         std::vector<std::int64_t> labels)
    : m_samples(std::move(samples)), m_labels(std::move(labels)),
      m_part(m_samples->part(first, static_cast<std::int64_t>(m_labels.size())))
{}

} // namespace torchdesk
