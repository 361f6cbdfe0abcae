// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace torchdesk {

/// A zip archive whose records are stored as they are, which is what PyTorch writes (its files are mapped
/// into memory). Source: PKWARE's APPNOTE, sections 4.3 and 4.5.3 (zip64). Views the bytes, which must stay.
class StoredZip
{
public:
    /// Reads the list of records. Every message begins with \p source.
    static Expected<StoredZip> open(std::span<const std::byte> bytes, const std::string& source);

    bool has(const std::string& name) const { return m_records.contains(name); }
    /// The first name that ends with \p end; empty where none does.
    std::string nameEnding(std::string_view end) const;
    /// The record's bytes, after their checksum was compared. A compressed or encrypted one is an error.
    Expected<std::span<const std::byte>> record(const std::string& name) const;

private:
    struct Record
    {
        std::uint64_t header = 0; ///< where its own header begins
        std::uint64_t size = 0;
        std::uint32_t checksum = 0;
        bool stored = true;
    };

    std::span<const std::byte> m_bytes;
    std::string m_source;
    std::map<std::string, Record> m_records;
};

} // namespace torchdesk
