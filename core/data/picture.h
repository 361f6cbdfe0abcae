// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/preprocessing.h"

#include <cstdint>
#include <filesystem>

namespace torchdesk {

/// A decoded picture: height × width × channels bytes, rows from the top; 1 (grey) or 3 (RGB) channels.
struct Picture
{
    int width = 0;
    int height = 0;
    int channels = 1;
    std::vector<std::uint8_t> pixels;
};

/// Decodes PNG or JPEG (told by its first bytes). Alpha is laid over white, 16 bit are scaled to 8, palettes
/// resolved. Refuses more than 100 million pixels before memory is taken. Blocks; any thread.
Expected<Picture> readPicture(const std::filesystem::path& file);
Expected<Picture> decodePicture(std::span<const std::byte> bytes, const std::string& source);

/// What the network's input stores for this picture: channels × height × width bytes, by the rules of
/// Preprocessing::picture. A digit on light paper is inverted (decided by the border's brightness).
std::vector<std::uint8_t> toSample(const Picture& picture, const Preprocessing& preprocessing);

} // namespace torchdesk
