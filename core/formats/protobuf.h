// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace torchdesk {

/// One field of a protobuf message. \c bytes: a length-delimited field's content, or the 4 or 8 bytes of a
/// fixed one.
struct ProtobufField
{
    std::uint64_t number = 0;
    std::uint64_t integer = 0; ///< of a varint
    std::span<const std::byte> bytes;
};

/// Walks the fields of a message without a schema, so unknown ones are passed over. The bytes may be
/// anything; they must outlive the reader. A value: copy it to walk again.
class ProtobufReader
{
public:
    explicit ProtobufReader(std::span<const std::byte> message) : m_left(message) {}

    /// The next field; nullopt at the end, and for good where the encoding is broken.
    std::optional<ProtobufField> next();
    /// False once something was broken.
    bool intact() const { return m_intact; }

private:
    std::optional<std::uint64_t> varint();
    std::optional<std::span<const std::byte>> take(std::uint64_t bytes);
    std::optional<ProtobufField> broken();

    std::span<const std::byte> m_left;
    bool m_intact = true;
};

} // namespace torchdesk
