// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// IDX content made for tests.
namespace torchdesk::test {

inline std::string bigEndian(std::uint32_t value)
{
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8)
        text += static_cast<char>(value >> shift & 0xff);
    return text;
}

inline std::string idxHeader(const std::vector<std::uint32_t>& sizes, char type = 0x08)
{
    std::string text = {0, 0, type, static_cast<char>(sizes.size())};
    for (const std::uint32_t size : sizes)
        text += bigEndian(size);
    return text;
}

/// Values 0, 1, 2 … modulo \p modulo.
inline std::string idxFile(const std::vector<std::uint32_t>& sizes, unsigned modulo = 256)
{
    std::string text = idxHeader(sizes);
    std::size_t count = 1;
    for (const std::uint32_t size : sizes)
        count *= size;
    for (std::size_t i = 0; i < count; ++i)
        text += static_cast<char>(i % modulo);
    return text;
}

} // namespace torchdesk::test
