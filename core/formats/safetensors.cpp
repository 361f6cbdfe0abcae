// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensors.h"

#include "core/base/json.h"
#include "core/formats/safetensorsheader.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <fmt/format.h>

namespace torchdesk {

static_assert(std::endian::native == std::endian::little, "tensors are little-endian in the file");

namespace {

constexpr std::uint64_t mostHeader = 100'000'000;
constexpr std::size_t headerLengthSize = 8;

tl::unexpected<Error> refused(const std::string& source, const std::string& why)
{
    return failure(ErrorKind::InvalidInput,
                   fmt::format("{} cannot be used: {}. Get the file again.", source, why));
}

std::vector<const NamedTensor*> inFileOrder(const std::vector<NamedTensor>& tensors)
{
    std::vector<const NamedTensor*> order;
    for (const NamedTensor& tensor : tensors)
        order.push_back(&tensor);
    std::sort(order.begin(), order.end(), [](const NamedTensor* a, const NamedTensor* b) {
        const auto sizes = elementSize(b->type) <=> elementSize(a->type);
        return sizes != 0 ? sizes < 0 : a->name < b->name;
    });
    return order;
}

std::string headerText(const std::vector<const NamedTensor*>& order,
                       const std::map<std::string, std::string>& metadata)
{
    // Joined by hand: an ordered object of the library looks through all its keys at each insertion.
    const auto text = [](const Json& json) {
        return json.dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    std::string header = "{";
    if (!metadata.empty())
        header += fmt::format("\"__metadata__\":{},", text(Json(metadata)));
    std::uint64_t offset = 0;
    for (const NamedTensor* tensor : order) {
        const std::uint64_t end = offset + tensor->bytes->size();
        header +=
            fmt::format(R"({}:{{"dtype":"{}","shape":{},"data_offsets":[{},{}]}},)", text(Json(tensor->name)),
                        dtypeName(tensor->type), text(Json(tensor->shape)), offset, end);
        offset = end;
    }
    if (header.back() == ',')
        header.pop_back();
    header += '}';
    header.append((8 - header.size() % 8) % 8, ' ');
    return header;
}

/// An empty text, or what is wrong with the entry, which has to begin at \p at.
std::string wrongWith(const SafetensorsEntry& entry, std::uint64_t at)
{
    const std::string name = fmt::format("the tensor \"{}\"", shown(std::filesystem::path(entry.name)));
    if (entry.end < entry.begin)
        return fmt::format("{} ends at byte {} of the data, before it begins at {}", name, entry.end,
                           entry.begin);
    if (entry.begin < at)
        return fmt::format(
            "{} begins at byte {} of the data and overlaps the one before it, which ends at {}", name,
            entry.begin, at);
    if (entry.begin > at)
        return fmt::format("there is a hole of {} bytes before {}", entry.begin - at, name);
    const auto count = elementCount(entry.shape);
    std::uint64_t bytes = 0;
    if (!count || __builtin_mul_overflow(static_cast<std::uint64_t>(*count), elementSize(entry.type), &bytes))
        return fmt::format("the shape of {} is too large", name);
    if (bytes != entry.end - entry.begin)
        return fmt::format("{} has {} bytes, its shape and type need {}", name, entry.end - entry.begin,
                           bytes);
    return {};
}

Expected<void> checkTiling(std::vector<SafetensorsEntry>& entries, std::uint64_t dataSize,
                           const std::string& source)
{
    // Empty tensors first where several begin at the same byte.
    std::stable_sort(entries.begin(), entries.end(),
                     [](const SafetensorsEntry& a, const SafetensorsEntry& b) {
                         return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
                     });
    std::uint64_t at = 0;
    for (const SafetensorsEntry& entry : entries) {
        if (const std::string why = wrongWith(entry, at); !why.empty())
            return refused(source, why);
        at = entry.end;
    }
    if (at > dataSize)
        return refused(
            source,
            fmt::format("it is cut short: {} bytes of tensors are there, {} were announced", dataSize, at));
    if (at < dataSize)
        return refused(source, fmt::format("{} bytes follow after the last tensor", dataSize - at));
    return {};
}

} // namespace

Bytes writeSafetensors(const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata)
{
    const auto order = inFileOrder(tensors);
    const std::string header = headerText(order, metadata);
    std::size_t size = headerLengthSize + header.size();
    for (const NamedTensor* tensor : order) {
        assert(tensor->bytes->size() ==
               static_cast<std::size_t>(elementCount(tensor->shape).value()) * elementSize(tensor->type));
        size += tensor->bytes->size();
    }
    Bytes file;
    file.reserve(size);
    const std::uint64_t length = header.size();
    const auto append = [&file](std::span<const std::byte> bytes) {
        file.insert(file.end(), bytes.begin(), bytes.end());
    };
    append(std::as_bytes(std::span(&length, 1)));
    append(std::as_bytes(std::span(header)));
    for (const NamedTensor* tensor : order)
        append(*tensor->bytes);
    return file;
}

Expected<SafetensorsFile> readSafetensors(std::span<const std::byte> bytes, const std::string& source)
{
    if (bytes.size() < headerLengthSize)
        return refused(source, fmt::format("it has {} bytes, a safetensors file has at least {}",
                                           bytes.size(), headerLengthSize));
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), headerLengthSize);
    if (length > mostHeader)
        return refused(source, fmt::format("its header is announced with {} bytes, at most {} are allowed",
                                           length, mostHeader));
    bytes = bytes.subspan(headerLengthSize);
    if (length > bytes.size())
        return refused(source,
                       fmt::format("it is cut short: {} bytes of its header are there, {} were announced",
                                   bytes.size(), length));
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), length);
    if (!text.starts_with('{'))
        return refused(source, "its header does not begin with '{'");
    auto header = parseSafetensorsHeader(text, source);
    if (!header)
        return failure(header);
    const auto data = bytes.subspan(length);
    if (auto fits = checkTiling(header->entries, data.size(), source); !fits)
        return failure(fits);
    SafetensorsFile file{{}, std::move(header->metadata)};
    for (SafetensorsEntry& entry : header->entries) {
        const auto part = data.subspan(entry.begin, entry.end - entry.begin);
        file.tensors.push_back({std::move(entry.name), entry.type, std::move(entry.shape),
                                std::make_shared<const Bytes>(part.begin(), part.end())});
    }
    return file;
}

Expected<SafetensorsFile> readSafetensorsFile(const std::filesystem::path& file)
{
    const auto bytes = readBytes(file);
    if (!bytes)
        return failure(bytes);
    return readSafetensors(*bytes, shown(file));
}

} // namespace torchdesk
