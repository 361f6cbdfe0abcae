// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// The directories of a TIFF, whose form EXIF shares: TIFF 6.0 (Adobe, 1992), section 2, and BigTIFF. Only
/// what a look at the header needs; pixels are libtiff's.
namespace torchdesk {

struct TiffTag
{
    std::uint16_t id = 0;
    std::uint64_t value = 0; ///< its first number
};

struct TiffDirectory
{
    std::vector<TiffTag> tags;
    std::uint64_t next = 0; ///< where the next directory lies; 0: there is none

    std::optional<std::uint64_t> value(std::uint16_t id) const;
};

class TiffTags
{
public:
    /// nullopt where \p bytes begin as no TIFF. The bytes must outlive this.
    static std::optional<TiffTags> open(std::span<const std::byte> bytes);

    std::uint64_t first() const { return m_first; }
    /// nullopt where the directory, or a number of one of its tags, lies beyond the bytes.
    std::optional<TiffDirectory> directory(std::uint64_t offset) const;
    /// How many directories follow one another, as far as the bytes reach; at most \p most are counted.
    int count(int most) const;

private:
    std::optional<std::uint64_t> number(std::uint64_t offset, unsigned size) const;
    std::optional<TiffTag> tag(std::uint64_t offset) const;

    std::span<const std::byte> m_bytes;
    bool m_littleEndian = true;
    bool m_big = false;
    std::uint64_t m_first = 0;
};

} // namespace torchdesk
