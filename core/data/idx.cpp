// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/idx.h"

#include "core/base/text.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <optional>
#include <zlib.h>

namespace torchdesk {

namespace {

/// No data set in this form comes near it; a header that counts more is damaged.
constexpr std::uint64_t mostValues = std::uint64_t{1} << 30;
constexpr std::size_t mostDimensions = 4;
constexpr std::size_t longestHeader = 4 + 4 * mostDimensions;
constexpr std::size_t chunk = 64 << 10;

struct IdxHeader
{
    std::vector<std::int64_t> sizes;
    std::size_t bytes = 0; ///< of the header itself
    std::uint64_t values = 0;
};

tl::unexpected<Error> invalid(const std::string& source, const std::string& what)
{
    return failure(ErrorKind::InvalidInput, fmt::format("{} {}", source, what));
}

std::string elementName(unsigned type)
{
    switch (type) {
    case 0x09:
        return "signed bytes";
    case 0x0b:
        return "16-bit numbers";
    case 0x0c:
        return "32-bit numbers";
    case 0x0d:
        return "floats";
    case 0x0e:
        return "doubles";
    default:
        return "an unknown type";
    }
}

unsigned at(std::span<const std::byte> bytes, std::size_t index)
{
    return std::to_integer<unsigned>(bytes[index]);
}

Expected<std::size_t> checkMagic(std::span<const std::byte> bytes, const std::string& source)
{
    if (bytes.size() < 4)
        return invalid(source, fmt::format("is cut short: it has {} bytes, its header alone has at least 8. "
                                           "Fetch the file again.",
                                           bytes.size()));
    if (at(bytes, 0) != 0 || at(bytes, 1) != 0)
        return invalid(
            source,
            fmt::format("is no IDX file: it begins with {:02x} {:02x} {:02x} {:02x}, 00 00 08 and the "
                        "number of dimensions were wanted. Choose the files of MNIST.",
                        at(bytes, 0), at(bytes, 1), at(bytes, 2), at(bytes, 3)));
    if (at(bytes, 2) != 0x08)
        return invalid(source,
                       fmt::format("holds {} (element type 0x{:02x}), unsigned bytes (0x08) were wanted. "
                                   "Convert it to bytes.",
                                   elementName(at(bytes, 2)), at(bytes, 2)));
    const std::size_t dimensions = at(bytes, 3);
    if (dimensions < 1 || dimensions > mostDimensions)
        return invalid(
            source, fmt::format("has {} dimensions in its header, 1 to {} were wanted. Fetch the file again.",
                                dimensions, mostDimensions));
    return dimensions;
}

bool within(const IdxLimits& limits, const std::vector<std::int64_t>& sizes)
{
    const auto fits = [&](std::int64_t side) {
        return limits.largestSide == 0 || (side >= 1 && side <= limits.largestSide);
    };
    return (limits.dimensions == 0 || sizes.size() == limits.dimensions) &&
           std::all_of(sizes.begin() + 1, sizes.end(), fits);
}

/// Needs no more than the first longestHeader bytes. Nothing is allocated by what it counts.
Expected<IdxHeader> parseHeader(std::span<const std::byte> bytes, const std::string& source,
                                const IdxLimits& limits)
{
    const auto dimensions = checkMagic(bytes, source);
    if (!dimensions)
        return failure(dimensions);
    IdxHeader header;
    header.bytes = 4 + 4 * *dimensions;
    if (bytes.size() < header.bytes)
        return invalid(
            source,
            fmt::format("is cut short: it has {} bytes, its header alone has {}. Fetch the file again.",
                        bytes.size(), header.bytes));
    header.values = 1;
    bool huge = false;
    for (std::size_t i = 0; i < *dimensions; ++i) {
        std::uint64_t size = 0;
        for (std::size_t b = 0; b < 4; ++b)
            size = size << 8 | at(bytes, 4 + 4 * i + b);
        header.sizes.push_back(static_cast<std::int64_t>(size));
        huge = huge || (size != 0 && header.values > mostValues / size);
        header.values = huge ? 0 : header.values * size;
    }
    if (!within(limits, header.sizes))
        return invalid(source, fmt::format("holds {}, wanted {}. Is it the right file?",
                                           shapeText(header.sizes), limits.wanted));
    if (huge)
        return invalid(source, fmt::format("counts {} values in its header, more than the {} that are read. "
                                           "Fetch the file again.",
                                           shapeText(header.sizes), byteSize(mostValues)));
    return header;
}

Expected<IdxHeader> checkedHeader(std::span<const std::byte> bytes, const std::string& source,
                                  const IdxLimits& limits)
{
    auto header = parseHeader(bytes, source, limits);
    if (!header)
        return header;
    const std::uint64_t found = bytes.size() - header->bytes;
    if (found == header->values)
        return header;
    return invalid(source,
                   fmt::format("{}: its header counts {} = {} values, {} follow. Fetch the file again.",
                               found < header->values ? "is cut short" : "has too many bytes",
                               shapeText(header->sizes), grouped(static_cast<std::int64_t>(header->values)),
                               grouped(static_cast<std::int64_t>(found))));
}

/// Unpacks a gzip file in memory, and no more of it than the IDX header inside allows.
class Unpacker
{
public:
    Unpacker(std::span<const std::byte> packed, const std::string& source, const IdxLimits& limits)
        : m_packed(packed), m_source(source), m_limits(limits)
    {
        // 16 + the largest window: gzip alone, its CRC-32 checked.
        m_ready = inflateInit2(&m_stream, 16 + MAX_WBITS) == Z_OK;
    }
    ~Unpacker()
    {
        if (m_ready)
            inflateEnd(&m_stream);
    }
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;

    Expected<Bytes> unpack()
    {
        if (!m_ready)
            return failure(ErrorKind::OutOfMemory, fmt::format("No memory is left to unpack {}.", m_source));
        int state = Z_OK;
        while (state != Z_STREAM_END || m_consumed < m_packed.size()) {
            if (state == Z_STREAM_END && inflateReset(&m_stream) != Z_OK) // another gzip member follows
                return damaged();
            state = step();
            if (state != Z_OK && state != Z_STREAM_END)
                return state == Z_BUF_ERROR ? cut() : damaged();
            if (auto checked = checkSize(state == Z_STREAM_END && m_consumed == m_packed.size()); !checked)
                return failure(checked);
        }
        return std::move(m_out);
    }

private:
    /// At most a chunk out; Z_BUF_ERROR where the input has ended too early.
    int step()
    {
        std::byte buffer[chunk];
        const std::size_t given = std::min<std::size_t>(m_packed.size() - m_consumed, 1u << 30);
        // zlib reads only; its interface is older than const.
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(m_packed.data() + m_consumed));
        m_stream.avail_in = static_cast<uInt>(given);
        m_stream.next_out = reinterpret_cast<Bytef*>(buffer);
        m_stream.avail_out = static_cast<uInt>(chunk);
        const int state = inflate(&m_stream, Z_NO_FLUSH);
        m_consumed += given - m_stream.avail_in;
        m_out.insert(m_out.end(), buffer, buffer + (chunk - m_stream.avail_out));
        return state;
    }

    Expected<void> checkSize(bool ended)
    {
        if (!m_limit) {
            if (m_out.size() < longestHeader && !ended)
                return {};
            auto header = parseHeader(m_out, m_source, m_limits);
            if (!header)
                return failure(header);
            m_limit = header->bytes + header->values;
        }
        if (m_out.size() > *m_limit)
            return failure(
                ErrorKind::InvalidInput,
                fmt::format("{} unpacks to more than the {} bytes that its header allows, so unpacking was "
                            "stopped. Fetch the file again.",
                            m_source, grouped(static_cast<std::int64_t>(*m_limit))));
        return {};
    }

    tl::unexpected<Error> damaged() const
    {
        return failure(ErrorKind::InvalidInput,
                       fmt::format("{} is damaged: gzip cannot unpack it at byte {}. Fetch the file again.",
                                   m_source, grouped(static_cast<std::int64_t>(m_consumed))),
                       m_stream.msg ? m_stream.msg : "");
    }
    tl::unexpected<Error> cut() const
    {
        return failure(
            ErrorKind::InvalidInput,
            fmt::format(
                "{} is cut short: its gzip data ends too early, after {} bytes. Fetch the file again.",
                m_source, grouped(static_cast<std::int64_t>(m_packed.size()))));
    }

    std::span<const std::byte> m_packed;
    const std::string& m_source;
    const IdxLimits& m_limits;
    z_stream m_stream{};
    bool m_ready = false;
    std::size_t m_consumed = 0;
    Bytes m_out;
    std::optional<std::uint64_t> m_limit; ///< of the unpacked bytes, once the header is known
};

} // namespace

Expected<IdxArray> parseIdx(std::span<const std::byte> bytes, const std::string& source,
                            const IdxLimits& limits)
{
    auto header = checkedHeader(bytes, source, limits);
    if (!header)
        return failure(header);
    IdxArray array;
    try {
        array.values.resize(header->values);
    } catch (const std::bad_alloc&) {
        return failure(ErrorKind::OutOfMemory,
                       fmt::format("{} does not fit into memory ({}).", source, byteSize(header->values)));
    }
    array.sizes = std::move(header->sizes);
    if (header->values > 0)
        std::memcpy(array.values.data(), bytes.data() + header->bytes, header->values);
    return array;
}

Expected<IdxArray> readIdx(const std::filesystem::path& file, const IdxLimits& limits)
{
    auto bytes = readBytes(file, mostValues + longestHeader);
    if (!bytes)
        return failure(bytes);
    const std::string source = shown(file);
    if (bytes->size() < 2 || at(*bytes, 0) != 0x1f || at(*bytes, 1) != 0x8b)
        return parseIdx(*bytes, source, limits);
    try {
        auto unpacked = Unpacker(*bytes, source, limits).unpack();
        return unpacked ? parseIdx(*unpacked, source, limits) : failure(unpacked);
    } catch (const std::bad_alloc&) {
        return failure(ErrorKind::OutOfMemory,
                       fmt::format("{} does not fit into memory once unpacked.", source));
    }
}

} // namespace torchdesk
