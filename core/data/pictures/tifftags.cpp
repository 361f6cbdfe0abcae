// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/tifftags.h"

#include <algorithm>

namespace torchdesk {

namespace {

/// More tags than any writer makes: a damaged count must not cost time.
constexpr std::uint64_t mostTags = 4096;

/// Bytes of a number of this type; 0 for what is no whole number.
unsigned numberSize(std::uint64_t type)
{
    switch (type) {
    case 1:
        return 1;
    case 3:
        return 2;
    case 4:
    case 13:
        return 4;
    case 16:
    case 18:
        return 8;
    default:
        return 0;
    }
}

} // namespace

std::optional<std::uint64_t> TiffDirectory::value(std::uint16_t id) const
{
    const auto found =
        std::find_if(tags.begin(), tags.end(), [id](const TiffTag& tag) { return tag.id == id; });
    return found == tags.end() ? std::nullopt : std::optional(found->value);
}

std::optional<TiffTags> TiffTags::open(std::span<const std::byte> bytes)
{
    TiffTags tags;
    tags.m_bytes = bytes;
    if (bytes.size() < 8 || bytes[0] != bytes[1] ||
        (bytes[0] != std::byte{'I'} && bytes[0] != std::byte{'M'}))
        return std::nullopt;
    tags.m_littleEndian = bytes[0] == std::byte{'I'};
    const auto version = tags.number(2, 2);
    tags.m_big = version == 43;
    if (version != 42 && version != 43)
        return std::nullopt;
    const auto first = tags.m_big ? tags.number(8, 8) : tags.number(4, 4);
    if (!first)
        return std::nullopt;
    tags.m_first = *first;
    return tags;
}

std::optional<std::uint64_t> TiffTags::number(std::uint64_t offset, unsigned size) const
{
    if (offset > m_bytes.size() || m_bytes.size() - offset < size)
        return std::nullopt;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) {
        const unsigned at = m_littleEndian ? size - 1 - i : i;
        value = value << 8 | std::to_integer<std::uint64_t>(m_bytes[offset + at]);
    }
    return value;
}

std::optional<TiffTag> TiffTags::tag(std::uint64_t offset) const
{
    const unsigned inPlace = m_big ? 8 : 4;
    const auto id = number(offset, 2);
    const auto type = number(offset + 2, 2);
    const auto count = number(offset + 4, inPlace);
    if (!id || !type || !count)
        return std::nullopt;
    TiffTag found{static_cast<std::uint16_t>(*id), 0};
    const unsigned size = numberSize(*type);
    if (size == 0 || *count == 0)
        return found;
    std::uint64_t place = offset + 4 + inPlace;
    if (*count > inPlace / size) {
        const auto elsewhere = number(place, inPlace);
        // Long lists are of places in the file, which a look at the header does not need.
        if (!elsewhere || *count > 16)
            return found;
        place = *elsewhere;
    }
    const auto value = number(place, size);
    if (!value)
        return std::nullopt;
    found.value = *value;
    return found;
}

std::optional<TiffDirectory> TiffTags::directory(std::uint64_t offset) const
{
    const unsigned countSize = m_big ? 8 : 2;
    const unsigned tagSize = m_big ? 20 : 12;
    const auto count = number(offset, countSize);
    if (offset == 0 || !count || *count > mostTags)
        return std::nullopt;
    TiffDirectory found;
    for (std::uint64_t i = 0; i < *count; ++i) {
        const auto one = tag(offset + countSize + i * tagSize);
        if (!one)
            return std::nullopt;
        found.tags.push_back(*one);
    }
    const auto next = number(offset + countSize + *count * tagSize, m_big ? 8 : 4);
    if (!next)
        return std::nullopt;
    found.next = *next;
    return found;
}

int TiffTags::count(int most) const
{
    const unsigned countSize = m_big ? 8 : 2;
    const unsigned tagSize = m_big ? 20 : 12;
    int pages = 0;
    for (std::uint64_t offset = m_first; offset != 0 && pages < most;) {
        const auto tags = number(offset, countSize);
        if (!tags || *tags > mostTags)
            break;
        ++pages;
        offset = number(offset + countSize + *tags * tagSize, m_big ? 8 : 4).value_or(0);
    }
    return pages;
}

} // namespace torchdesk
