// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>

/// The folder with the cache files of decoded pictures. Which file is used is told by locks (flock): shared
/// while one is mapped, exclusive while one is made.
namespace torchdesk {

inline constexpr const char* cacheSuffix = ".pictures";
inline constexpr const char* temporarySuffix = ".part";

/// How many bytes the files may take together: TORCHDESK_CACHE_GB × 10^9, or 20 GB.
Expected<std::uint64_t> cacheLimit();

/// Removes what broken-off processes left, and then the files used longest ago, until \p needed bytes more
/// stay within \p limit. Files in use stay. Where \p needed alone is more than the limit, nothing is removed
/// and the error says what to set. Blocks; any thread and process at the same time.
Expected<void> makeRoom(const std::filesystem::path& folder, std::uint64_t needed, std::uint64_t limit);

} // namespace torchdesk
