// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/crc32c.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace torchdesk {

static_assert(std::endian::native == std::endian::little, "the words are read as little-endian");

namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// Slicing-by-8: table n holds the remainder of a byte that n zero bytes follow.
constexpr Tables makeTables()
{
    Tables tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t remainder = i;
        for (int bit = 0; bit < 8; ++bit)
            remainder = (remainder >> 1) ^ ((remainder & 1) ? 0x82F63B78u : 0u);
        tables[0][i] = remainder;
    }
    for (std::size_t n = 1; n < 8; ++n) {
        for (std::size_t i = 0; i < 256; ++i)
            tables[n][i] = (tables[n - 1][i] >> 8) ^ tables[0][tables[n - 1][i] & 0xFF];
    }
    return tables;
}

constexpr Tables tables = makeTables();

std::uint64_t wordAt(const std::byte* at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32cByInstruction(std::span<const std::byte> bytes)
{
    std::uint64_t remainder = 0xFFFFFFFFu;
    const std::byte* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; at += 8, left -= 8)
        remainder = _mm_crc32_u64(remainder, wordAt(at));
    for (; left > 0; ++at, --left)
        remainder = _mm_crc32_u8(static_cast<std::uint32_t>(remainder), static_cast<std::uint8_t>(*at));
    return ~static_cast<std::uint32_t>(remainder);
}
#endif

} // namespace

std::uint32_t crc32cByTables(std::span<const std::byte> bytes)
{
    std::uint32_t remainder = 0xFFFFFFFFu;
    const std::byte* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; at += 8, left -= 8) {
        const std::uint64_t word = wordAt(at) ^ remainder;
        remainder = 0;
        for (std::size_t i = 0; i < 8; ++i)
            remainder ^= tables[7 - i][(word >> (8 * i)) & 0xFF];
    }
    for (; left > 0; ++at, --left)
        remainder = (remainder >> 8) ^ tables[0][(remainder ^ static_cast<std::uint8_t>(*at)) & 0xFF];
    return ~remainder;
}

std::uint32_t crc32c(std::span<const std::byte> bytes)
{
#if defined(__x86_64__)
    static const bool hasInstruction = __builtin_cpu_supports("sse4.2") != 0;
    if (hasInstruction)
        return crc32cByInstruction(bytes);
#endif
    return crc32cByTables(bytes);
}

std::uint32_t maskedCrc32c(std::span<const std::byte> bytes)
{
    const std::uint32_t sum = crc32c(bytes);
    return ((sum >> 15) | (sum << 17)) + 0xA282EAD8u;
}

} // namespace torchdesk
