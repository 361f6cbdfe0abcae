// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/storedzip.h"

#include "core/base/text.h"

#include <algorithm>
#include <zlib.h>

namespace torchdesk {

namespace {

constexpr std::uint32_t endSignature = 0x06054b50;
constexpr std::uint32_t end64Signature = 0x06064b50;
constexpr std::uint32_t locatorSignature = 0x07064b50;
constexpr std::uint32_t entrySignature = 0x02014b50;
constexpr std::uint32_t headerSignature = 0x04034b50;
constexpr std::size_t endSize = 22;
constexpr std::size_t end64Size = 56;
constexpr std::size_t locatorSize = 20;
constexpr std::size_t entrySize = 46;
constexpr std::size_t headerSize = 30;
constexpr std::uint32_t elsewhere = 0xffffffff; // the figure stands in the zip64 field

tl::unexpected<Error> badZip(const std::string& source, const std::string& what)
{
    return failure(ErrorKind::InvalidInput, source + ": " + what + ". Get the file again");
}

/// Little-endian figures at places that were checked to be inside.
std::uint64_t figure(std::span<const std::byte> bytes, std::size_t at, int size)
{
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i)
        value |= static_cast<std::uint64_t>(bytes[at + static_cast<std::size_t>(i)]) << (8 * i);
    return value;
}

std::uint32_t signature(std::span<const std::byte> bytes, std::size_t at)
{
    return static_cast<std::uint32_t>(figure(bytes, at, 4));
}

struct Directory
{
    std::uint64_t entries = 0;
    std::uint64_t at = 0;
};

/// Behind the end stands a comment of at most 65,535 bytes.
std::optional<std::size_t> findEnd(std::span<const std::byte> bytes)
{
    if (bytes.size() < endSize)
        return std::nullopt;
    const std::size_t last = bytes.size() - endSize;
    for (std::size_t back = 0; back <= std::min<std::size_t>(last, 65535); ++back)
        if (signature(bytes, last - back) == endSignature)
            return last - back;
    return std::nullopt;
}

std::optional<Directory> findDirectory(std::span<const std::byte> bytes)
{
    const auto end = findEnd(bytes);
    if (!end)
        return std::nullopt;
    const Directory directory{figure(bytes, *end + 10, 2), figure(bytes, *end + 16, 4)};
    if (*end < locatorSize || signature(bytes, *end - locatorSize) != locatorSignature)
        return directory;
    const std::uint64_t at = figure(bytes, *end - locatorSize + 8, 8);
    if (at > bytes.size() || bytes.size() - at < end64Size || signature(bytes, at) != end64Signature)
        return std::nullopt;
    return Directory{figure(bytes, at + 32, 8), figure(bytes, at + 48, 8)};
}

struct Entry
{
    std::string name;
    std::uint64_t header = 0;
    std::uint64_t size = 0;
    std::uint64_t packed = 0;
    std::uint32_t checksum = 0;
    bool stored = true;     ///< neither compressed nor encrypted
    std::size_t length = 0; ///< of the entry itself
};

/// The figures that do not fit into 32 bits, in this order, in the field with the number 1.
bool readWide(std::span<const std::byte> extra, Entry& entry)
{
    std::size_t at = 0;
    while (extra.size() - at >= 4) {
        const auto id = figure(extra, at, 2);
        const auto length = static_cast<std::size_t>(figure(extra, at + 2, 2));
        at += 4;
        if (length > extra.size() - at)
            return false;
        if (id == 1) {
            std::size_t place = at;
            for (std::uint64_t* each : {&entry.size, &entry.packed, &entry.header}) {
                if (*each != elsewhere)
                    continue;
                if (at + length - place < 8)
                    return false;
                *each = figure(extra, place, 8);
                place += 8;
            }
            return true;
        }
        at += length;
    }
    return entry.size != elsewhere && entry.packed != elsewhere && entry.header != elsewhere;
}

Expected<Entry> readEntry(std::span<const std::byte> bytes, std::uint64_t at, const std::string& source)
{
    if (at > bytes.size() || bytes.size() - at < entrySize || signature(bytes, at) != entrySignature)
        return badZip(source, "its list of records is damaged");
    const auto nameLength = static_cast<std::size_t>(figure(bytes, at + 28, 2));
    const auto extraLength = static_cast<std::size_t>(figure(bytes, at + 30, 2));
    const auto commentLength = static_cast<std::size_t>(figure(bytes, at + 32, 2));
    Entry entry;
    entry.length = entrySize + nameLength + extraLength + commentLength;
    if (bytes.size() - at < entry.length)
        return badZip(source, "its list of records is cut short");
    entry.name.assign(reinterpret_cast<const char*>(bytes.data()) + at + entrySize, nameLength);
    entry.checksum = static_cast<std::uint32_t>(figure(bytes, at + 16, 4));
    entry.packed = figure(bytes, at + 20, 4);
    entry.size = figure(bytes, at + 24, 4);
    entry.header = figure(bytes, at + 42, 4);
    if (!readWide(bytes.subspan(at + entrySize + nameLength, extraLength), entry))
        return badZip(source, "its list of records is damaged");
    const bool encrypted = (figure(bytes, at + 8, 2) & 1) != 0;
    entry.stored = !encrypted && figure(bytes, at + 10, 2) == 0 && entry.packed == entry.size;
    return entry;
}

} // namespace

Expected<StoredZip> StoredZip::open(std::span<const std::byte> bytes, const std::string& source)
{
    StoredZip zip;
    zip.m_bytes = bytes;
    zip.m_source = source;
    const auto directory = findDirectory(bytes);
    if (!directory)
        return badZip(source, "it is not a whole zip archive, so it is damaged or cut short");
    std::uint64_t at = directory->at;
    for (std::uint64_t i = 0; i < directory->entries; ++i) {
        const auto entry = readEntry(bytes, at, source);
        if (!entry)
            return failure(entry);
        at += entry->length;
        if (!zip.m_records
                 .emplace(entry->name, Record{entry->header, entry->size, entry->checksum, entry->stored})
                 .second)
            return badZip(source, "it holds the record '" + shortened(entry->name, 60) + "' twice");
    }
    return zip;
}

std::string StoredZip::nameEnding(std::string_view end) const
{
    for (const auto& [name, record] : m_records)
        if (name.ends_with(end))
            return name;
    return {};
}

Expected<std::span<const std::byte>> StoredZip::record(const std::string& name) const
{
    const std::string what = "the record '" + shortened(name, 60) + "' ";
    const auto found = m_records.find(name);
    if (found == m_records.end())
        return badZip(m_source, what + "is missing");
    const Record& record = found->second;
    if (!record.stored)
        return badZip(m_source, what + "is compressed or encrypted, which PyTorch does not do");
    if (record.header > m_bytes.size() || m_bytes.size() - record.header < headerSize ||
        signature(m_bytes, record.header) != headerSignature)
        return badZip(m_source, what + "is damaged");
    const std::uint64_t begin = record.header + headerSize + figure(m_bytes, record.header + 26, 2) +
                                figure(m_bytes, record.header + 28, 2);
    if (begin > m_bytes.size() || record.size > m_bytes.size() - begin)
        return badZip(m_source, what + "is cut short");
    const auto bytes = m_bytes.subspan(begin, record.size);
    if (crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) != record.checksum)
        return badZip(m_source, what + "differs from its checksum");
    return bytes;
}

} // namespace torchdesk
