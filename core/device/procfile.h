// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace torchdesk {

/// The text of a file of /proc, "" where it cannot be read. Such files say that they are empty, so they are
/// read to their end, and readText (core/base/files.h), which goes by the size, does not serve.
inline std::string procText(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

} // namespace torchdesk
