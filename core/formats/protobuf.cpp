// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/protobuf.h"

namespace torchdesk {

namespace {

// The wire types of the encoding; 3 and 4 (groups) are obsolete and in no message that is read here.
enum WireType : std::uint64_t
{
    Varint = 0,
    Fixed64 = 1,
    Delimited = 2,
    Fixed32 = 5
};

} // namespace

std::optional<ProtobufField> ProtobufReader::next()
{
    if (m_left.empty())
        return std::nullopt;
    const auto key = varint();
    if (!key || *key >> 3 == 0)
        return broken();
    ProtobufField field;
    field.number = *key >> 3;
    std::optional<std::uint64_t> size;
    switch (*key & 7) {
    case Varint: {
        const auto value = varint();
        if (!value)
            return broken();
        field.integer = *value;
        return field;
    }
    case Fixed64:
        size = 8;
        break;
    case Fixed32:
        size = 4;
        break;
    case Delimited:
        size = varint();
        break;
    default:
        break;
    }
    const auto bytes = size ? take(*size) : std::nullopt;
    if (!bytes)
        return broken();
    field.bytes = *bytes;
    return field;
}

std::optional<std::uint64_t> ProtobufReader::varint()
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 10 && i < m_left.size(); ++i) {
        const auto byte = static_cast<std::uint64_t>(m_left[i]);
        value |= (byte & 0x7F) << (7 * i);
        if (byte < 0x80) {
            m_left = m_left.subspan(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

std::optional<std::span<const std::byte>> ProtobufReader::take(std::uint64_t bytes)
{
    if (bytes > m_left.size())
        return std::nullopt;
    const auto taken = m_left.first(bytes);
    m_left = m_left.subspan(bytes);
    return taken;
}

std::optional<ProtobufField> ProtobufReader::broken()
{
    m_left = {};
    m_intact = false;
    return std::nullopt;
}

} // namespace torchdesk
