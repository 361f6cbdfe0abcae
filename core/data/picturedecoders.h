// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/files.h"
#include "core/data/picture.h"

#include <cstdint>

/// The two decoders behind decodePicture(), and the checks they share.
namespace torchdesk {

/// \p bytes begins with PNG's signature. May throw std::bad_alloc.
Expected<Picture> decodePng(std::span<const std::byte> bytes, const std::string& source);
/// \p bytes begins with JPEG's SOI marker. May throw std::bad_alloc.
Expected<Picture> decodeJpeg(std::span<const std::byte> bytes, const std::string& source);

/// Refuses a size of zero, more than 100 million pixels, and more pixels than \p mostPlausible, which is what
/// a file of this length can hold at all: so a few damaged bytes cannot ask for much memory.
Expected<void> checkPictureSize(std::int64_t width, std::int64_t height, std::uint64_t mostPlausible,
                                const std::string& source);
/// "<source> is a damaged PNG …", with the library's words as details.
tl::unexpected<Error> damagedPicture(const std::string& source, const char* format, const char* reason);

} // namespace torchdesk
