// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/crc32c.h"

#include <cstring>
#include <span>
#include <string>

/// Event records put together byte by byte, for the tests of the reader.
namespace torchdesk::test {

template <class Number>
std::string raw(Number number)
{
    std::string bytes(sizeof number, '\0');
    std::memcpy(bytes.data(), &number, sizeof number);
    return bytes;
}

inline std::string sum(const std::string& bytes)
{
    return raw(maskedCrc32c(std::as_bytes(std::span(bytes))));
}

inline std::string record(const std::string& data)
{
    const std::string length = raw(std::uint64_t{data.size()});
    return length + sum(length) + data + sum(data);
}

/// A length-delimited field; content below 128 bytes.
inline std::string field(int number, const std::string& content)
{
    return std::string{static_cast<char>(number * 8 + 2), static_cast<char>(content.size())} + content;
}

inline std::string varintField(int number, int value)
{
    return {static_cast<char>(number * 8), static_cast<char>(value)};
}

/// An event at step 3 with one Summary.Value of these fields.
inline std::string eventWith(const std::string& valueFields)
{
    return std::string("\x09") + raw(1.5) + varintField(2, 3) + field(5, field(1, valueFields));
}

} // namespace torchdesk::test
