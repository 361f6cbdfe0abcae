// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/folder/picturefile.h"

#include "core/base/sha256.h"
#include "core/data/pictures/pictureprobe.h"

#include <algorithm>
#include <charconv>

namespace torchdesk {

PictureHash pictureHash(std::span<const std::byte> bytes)
{
    const std::string digits = sha256(bytes);
    PictureHash hash{};
    for (std::size_t i = 0; i < hash.size(); ++i) {
        unsigned value = 0;
        std::from_chars(digits.data() + 2 * i, digits.data() + 2 * i + 2, value, 16);
        hash[i] = static_cast<std::byte>(value);
    }
    return hash;
}

LookedAt lookAt(std::span<const std::byte> bytes)
{
    LookedAt seen;
    seen.size = bytes.size();
    if (bytes.empty()) {
        seen.problem = "it is empty";
        return seen;
    }
    const auto probe = probePicture(bytes, "it");
    if (!probe || !*probe) {
        seen.problem = probe ? "it is cut" : probe.error().message;
        return seen;
    }
    seen.hash = pictureHash(bytes);
    seen.width = (*probe)->width;
    seen.height = (*probe)->height;
    seen.channels = (*probe)->channels;
    seen.bits = (*probe)->bits;
    seen.pages = (*probe)->pages;
    return seen;
}

LookedAt lookAtFile(const std::filesystem::path& file)
{
    const auto bytes = readBytes(file, mostPictureBytes);
    if (!bytes) {
        LookedAt seen;
        seen.problem = bytes.error().message;
        return seen;
    }
    return lookAt(*bytes);
}

} // namespace torchdesk
