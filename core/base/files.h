// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace torchdesk {

using Bytes = std::vector<std::byte>;

/// The whole file. Refuses folders, devices and files over \p most bytes. Blocks; any thread.
Expected<std::string> readText(const std::filesystem::path& file, std::uint64_t most = 64u << 20);
Expected<Bytes> readBytes(const std::filesystem::path& file,
                          std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

/// Writes beside the target, syncs, renames and syncs the folder: after a crash or on a full disk the old
/// file or the new one is there, never half of one. A full disk is ErrorKind::DiskFull. Blocks; any thread.
Expected<void> writeAtomically(const std::filesystem::path& file, std::span<const std::byte> bytes);
Expected<void> writeAtomically(const std::filesystem::path& file, std::string_view text);

/// Creates the folder with its parents.
Expected<void> makeFolder(const std::filesystem::path& folder);
/// fsync of a folder, so that names made in it survive a crash.
Expected<void> syncFolder(const std::filesystem::path& folder);

/// The system's reason for an errno, in English under any locale: it stands in the middle of our sentences.
std::string systemReason(int number);

/// A path as UTF-8 for messages, with '?' for what is not UTF-8.
std::string shown(const std::filesystem::path& path);
/// The whole path, for JSON that programs read; bytes that are no UTF-8 become '?'.
std::string pathText(const std::filesystem::path& path);
/// An errno value as an error about \p path: "<what> <path>: <reason>. <next step>".
Error systemError(int number, const std::string& what, const std::filesystem::path& path);

} // namespace torchdesk
