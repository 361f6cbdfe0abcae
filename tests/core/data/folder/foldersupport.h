// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Folders and archives of pictures for tests.
namespace torchdesk::test {

/// A PNG of one colour that depends on \p number: equal numbers give equal bytes.
std::string pngOf(int number, int width = 8, int height = 6, int channels = 3);

/// A PNG whose head is good and whose pixels are cut off.
std::string cutPng(int number);

struct PackedEntry
{
    std::string path;
    std::string content;
    std::string link; ///< a symbolic link to this instead of a file
    std::string hardLink;
};

/// The bytes of an archive. \p format is "zip", "tar" or "tar.gz".
std::string packed(const std::vector<PackedEntry>& entries, const std::string& format);

/// class a with \p count pictures, class b with as many, all different, below \p folder.
void writeTwoClasses(const std::filesystem::path& folder, int count = 4);

} // namespace torchdesk::test
