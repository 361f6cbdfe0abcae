// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/tensor.h"

#include <map>
#include <string_view>

namespace torchdesk {

/// One tensor as the header of a safetensors file describes it. \c begin and \c end count from the end of the
/// header.
struct SafetensorsEntry
{
    std::string name;
    DType type = DType::F32;
    Shape shape;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

struct SafetensorsHeader
{
    std::vector<SafetensorsEntry> entries;
    std::map<std::string, std::string> metadata;
};

/// Parses the JSON of a header; time and memory are linear in its length, whatever it holds. What is checked
/// here: names that stand twice, types, that nothing is missing or too deep. Whether offsets fit is the
/// caller's to check.
Expected<SafetensorsHeader> parseSafetensorsHeader(std::string_view text, const std::string& source);

} // namespace torchdesk
