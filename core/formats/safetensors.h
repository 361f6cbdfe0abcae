// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/tensor.h"

#include <map>

/// The safetensors format, to the rules of the reference implementation: a u64 header length (at most
/// 100,000,000), a JSON object, then tensors that tile the data exactly.
namespace torchdesk {

struct SafetensorsFile
{
    std::vector<NamedTensor> tensors; ///< in the order of the file
    std::map<std::string, std::string> metadata;
};

/// The file's bytes: header padded with blanks to 8, tensors by falling element size, then by name.
Bytes writeSafetensors(const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

/// Refuses holes, overlap, duplicate names, sizes that do not match, headers that are too large or too deep.
/// \p source names the file in messages. Any thread; never throws.
Expected<SafetensorsFile> readSafetensors(std::span<const std::byte> bytes, const std::string& source);
Expected<SafetensorsFile> readSafetensorsFile(const std::filesystem::path& file);

} // namespace torchdesk
