// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace torchdesk {

/// A new file that grows by whole blocks: a block that does not fit is taken back, so that half a record or
/// half a line never stays. Errors are errno values, 0 is success. One thread at a time.
class AppendFile
{
public:
    AppendFile() = default;
    AppendFile(const AppendFile&) = delete;
    AppendFile& operator=(const AppendFile&) = delete;
    ~AppendFile();

    /// EEXIST where the file is there already.
    int create(const std::filesystem::path& file);
    int append(std::string_view block);

private:
    int m_descriptor = -1;
    std::uint64_t m_length = 0; ///< of the whole blocks
};

} // namespace torchdesk
