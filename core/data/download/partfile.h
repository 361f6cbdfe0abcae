// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/published.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>

namespace torchdesk {

/// NAME.part: what has come of a published file so far. Locked against a second download for as long as it is
/// open. One thread.
class PartFile
{
public:
    /// Opens what an earlier download left, or makes it.
    static Expected<PartFile> open(const PublishedFile& wanted, const std::filesystem::path& folder);
    ~PartFile(); ///< removes it where nothing has come
    PartFile(PartFile&& other) noexcept;
    PartFile& operator=(PartFile&&) = delete;

    std::uint64_t size() const { return m_size; }
    bool complete() const { return m_size == m_wanted->size; }
    /// More than was published is refused by the caller, not here.
    Expected<void> append(std::span<const std::byte> bytes);
    Expected<void> restart(); ///< empty again
    /// Whether what is there has the published SHA-256. Blocks; stop gives ErrorKind::Cancelled.
    Expected<bool> verify(std::stop_token stop) const;
    /// Syncs it and gives it its name, in whose place nothing may stand. Call once, after verify().
    Expected<void> publish();

private:
    PartFile(const PublishedFile& wanted, const std::filesystem::path& folder, int descriptor);

    const PublishedFile* m_wanted;
    std::filesystem::path m_target;
    std::filesystem::path m_path;
    int m_descriptor;
    std::uint64_t m_size = 0;
    bool m_locked = false;
};

/// Whether a file has that SHA-256. Blocks; stop gives ErrorKind::Cancelled.
Expected<bool> hasSha256(const std::filesystem::path& file, const std::string& sha256, std::stop_token stop);

} // namespace torchdesk
