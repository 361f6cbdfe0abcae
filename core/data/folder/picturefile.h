// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/folder/folderscan.h"

#include <span>

namespace torchdesk {

/// What one look at an encoded picture tells.
struct LookedAt
{
    std::string problem; ///< why it cannot be used: "it is empty"; "" where it can
    std::uint64_t size = 0;
    PictureHash hash{};
    std::int32_t width = 0;
    std::int32_t height = 0;
    std::int32_t channels = 3;
    std::int32_t bits = 8;
    std::int64_t pages = 1;
};

/// A file of more bytes is no picture.
constexpr std::uint64_t mostPictureBytes = std::uint64_t{1} << 30;

PictureHash pictureHash(std::span<const std::byte> bytes);
LookedAt lookAt(std::span<const std::byte> bytes);
/// Reads the file. Blocks.
LookedAt lookAtFile(const std::filesystem::path& file);

} // namespace torchdesk
