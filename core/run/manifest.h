// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/files.h"

#include <map>

/// MANIFEST of a checkpoint: {"format": 1, "files": {"model.safetensors": {"bytes": 178000, "sha256": "…"}}}.
namespace torchdesk {

struct ManifestEntry
{
    std::uint64_t bytes = 0;
    std::string sha256;

    bool operator==(const ManifestEntry&) const = default;
};

using Manifest = std::map<std::string, ManifestEntry>;

ManifestEntry describe(std::span<const std::byte> content);
Expected<void> writeManifest(const std::filesystem::path& folder, const Manifest& manifest);
Expected<Manifest> readManifest(const std::filesystem::path& folder);
/// Reads \p name of \p folder and compares it with the MANIFEST, the size before anything else.
Expected<Bytes> readListedFile(const std::filesystem::path& folder, const Manifest& manifest,
                               const std::string& name);

} // namespace torchdesk
