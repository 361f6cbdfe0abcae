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

/// What a file may hold; looked at in its header, before any memory is taken for it.
struct IdxLimits
{
    std::size_t dimensions = 0;   ///< exactly so many; 0: any
    std::int64_t largestSide = 0; ///< of the sizes after the first; 0: any
    const char* wanted = "";      ///< "pictures × height × width, with sides from 1 to 1024"
};

/// Parses an IDX file in memory; \p source names it in messages. A cut, a wrong magic number, another element
/// type, counts that disagree with the length, are huge or beyond the limits are errors.
Expected<IdxArray> parseIdx(std::span<const std::byte> bytes, const std::string& source,
                            const IdxLimits& limits = {});
/// Reads a file, plain or gzip (told by its first bytes). A gzip that unpacks to more than its header's
/// counts allow is stopped there. Blocks.
Expected<IdxArray> readIdx(const std::filesystem::path& file, const IdxLimits& limits = {});

} // namespace torchdesk
