// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/cachenotes.h"

#include <algorithm>

namespace torchdesk {

namespace {

constexpr const char* cacheSource = "picture cache";

bool readUnreadable(JsonReader& reader, CacheNotes& notes)
{
    const Json* list = reader.field("unreadable");
    if (!list || !list->is_array())
        return false;
    for (const Json& entry : *list) {
        JsonReader fields(entry, cacheSource, "unreadable");
        UnreadablePicture picture;
        fields.require({"index", "name", "reason"});
        fields.read("index", picture.index);
        fields.read("name", picture.name);
        fields.read("reason", picture.reason);
        if (!fields.finish())
            return false;
        notes.unreadable.push_back(std::move(picture));
    }
    return true;
}

} // namespace

std::string notesText(const CacheNotes& notes)
{
    Json json;
    if (notes.range)
        json["range"] = {notes.range->low, notes.range->high};
    json["morePages"] = notes.morePages;
    json["unreadable"] = Json::array();
    for (const UnreadablePicture& picture : notes.unreadable) {
        Json entry;
        entry["index"] = picture.index;
        entry["name"] = picture.name;
        entry["reason"] = picture.reason;
        json["unreadable"].push_back(std::move(entry));
    }
    // Names of files may be no UTF-8.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<CacheNotes> notesFrom(std::string_view text, std::int64_t count)
{
    const auto json = parseJson(text, cacheSource);
    if (!json)
        return std::nullopt;
    JsonReader reader(*json, cacheSource);
    CacheNotes notes;
    std::vector<std::int64_t> range;
    reader.read("range", range);
    reader.read("morePages", notes.morePages);
    if (!readUnreadable(reader, notes) || !reader.finish())
        return std::nullopt;
    if (range.size() == 2 && range[0] >= 0 && range[0] < range[1] && range[1] <= 65535)
        notes.range = PictureRange{static_cast<int>(range[0]), static_cast<int>(range[1])};
    else if (!range.empty())
        return std::nullopt;
    const auto inside = [count](std::int64_t index) { return index >= 0 && index < count; };
    const bool whole = std::all_of(notes.morePages.begin(), notes.morePages.end(), inside) &&
                       std::all_of(notes.unreadable.begin(), notes.unreadable.end(),
                                   [&](const UnreadablePicture& picture) { return inside(picture.index); });
    return whole ? std::optional(notes) : std::nullopt;
}

} // namespace torchdesk
