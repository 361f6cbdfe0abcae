// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/data/pictures/picturecache.h"

namespace torchdesk {

/// What a cache file says of its pictures besides their pixels.
struct CacheNotes
{
    std::optional<PictureRange> range;
    std::vector<UnreadablePicture> unreadable;
    std::vector<std::int64_t> morePages;

    bool operator==(const CacheNotes&) const = default;
};

std::string notesText(const CacheNotes& notes);
/// nullopt where \p text is nothing of the kind: the file is made again.
std::optional<CacheNotes> notesFrom(std::string_view text, std::int64_t count);

} // namespace torchdesk
