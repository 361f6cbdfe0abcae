// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/files.h"

#include <cstdint>
#include <vector>

namespace torchdesk {

/// The content of an IDX file of unsigned bytes (the format of MNIST).
struct IdxArray
{
    std::vector<std::int64_t> sizes; ///< {60000, 28, 28} or {60000}
    std::vector<std::uint8_t> values;
};

/// Parses an IDX file in memory; \p source names it in messages. A cut, a wrong magic number, another element
/// type, counts that disagree with the length or are huge are errors.
Expected<IdxArray> parseIdx(std::span<const std::byte> bytes, const std::string& source);
/// Reads a file, plain or gzip (told by its first bytes). A gzip that unpacks to more than its header's
/// counts allow is stopped there. Blocks.
Expected<IdxArray> readIdx(const std::filesystem::path& file);

} // namespace torchdesk
