// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/manifest.h"

#include "core/base/json.h"
#include "core/base/sha256.h"

#include <fmt/format.h>

namespace torchdesk {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t manifestFormat = 1;

Expected<void> differs(const fs::path& file, const std::string& found, const std::string& wanted)
{
    return failure(
        ErrorKind::InvalidInput,
        fmt::format("{} is damaged: found {}, the MANIFEST wants {}. Use another checkpoint, or train again.",
                    shown(file), found, wanted));
}

Expected<void> checkSize(const fs::path& file, std::uint64_t wanted)
{
    std::error_code problem;
    const auto found = fs::file_size(file, problem);
    if (problem)
        return differs(file, "no such file", fmt::format("{} bytes", wanted));
    if (found != wanted)
        return differs(file, fmt::format("{} bytes", found), fmt::format("{}", wanted));
    return {};
}

Expected<ManifestEntry> entryFromJson(const Json& json, const std::string& source, const std::string& name)
{
    JsonReader reader(json, source, "files." + name);
    ManifestEntry entry;
    reader.require({"bytes", "sha256"});
    reader.read("bytes", entry.bytes);
    reader.read("sha256", entry.sha256);
    if (auto read = reader.finish(); !read)
        return failure(read);
    return entry;
}

} // namespace

ManifestEntry describe(std::span<const std::byte> content)
{
    return {content.size(), sha256(content)};
}

Expected<void> writeManifest(const fs::path& folder, const Manifest& manifest)
{
    Json files = Json::object();
    for (const auto& [name, entry] : manifest)
        files[name] = {{"bytes", entry.bytes}, {"sha256", entry.sha256}};
    const Json json = {{"format", manifestFormat}, {"files", std::move(files)}};
    return writeAtomically(folder / "MANIFEST", json.dump(2) + "\n");
}

Expected<Manifest> readManifest(const fs::path& folder)
{
    const fs::path file = folder / "MANIFEST";
    const auto text = readText(file, 1u << 20);
    if (!text)
        return failure(text);
    const auto json = parseJson(*text, shown(file), 8);
    if (!json)
        return failure(json);
    JsonReader reader(*json, shown(file));
    std::int64_t found = 0;
    reader.require({"format", "files"});
    reader.read("format", found, 1, manifestFormat);
    const Json* files = reader.field("files");
    if (files && !files->is_object())
        reader.fail("files", shown(*files), "an object");
    if (auto read = reader.finish(); !read)
        return failure(read);
    Manifest manifest;
    for (const auto& [name, value] : files->items()) {
        auto entry = entryFromJson(value, shown(file), name);
        if (!entry)
            return failure(entry);
        manifest.emplace(name, std::move(*entry));
    }
    return manifest;
}

Expected<Bytes> readListedFile(const fs::path& folder, const Manifest& manifest, const std::string& name)
{
    const fs::path file = folder / name;
    const auto wanted = manifest.find(name);
    if (wanted == manifest.end())
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} does not list {}. Use another checkpoint, or train again.",
                                   shown(folder / "MANIFEST"), name));
    if (auto same = checkSize(file, wanted->second.bytes); !same)
        return failure(same);
    auto bytes = readBytes(file);
    if (!bytes)
        return bytes;
    const ManifestEntry found = describe(*bytes);
    if (found.sha256 != wanted->second.sha256)
        return failure(differs(file, "the SHA-256 " + found.sha256, wanted->second.sha256));
    return bytes;
}

} // namespace torchdesk
