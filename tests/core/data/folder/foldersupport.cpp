// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/data/folder/foldersupport.h"

#include "tests/core/data/pictures/encodepicture.h"
#include "tests/support/testsupport.h"

#include <archive.h>
#include <archive_entry.h>

namespace torchdesk::test {

std::string pngOf(int number, int width, int height, int channels)
{
    Picture picture{width, height, channels, {}};
    picture.pixels.resize(static_cast<std::size_t>(width * height * channels),
                          static_cast<std::uint8_t>(number));
    picture.pixels[0] = static_cast<std::uint8_t>(number >> 8);
    return encodePng(picture);
}

std::string cutPng(int number)
{
    std::string png = pngOf(number, 40, 40);
    png.resize(png.size() / 2);
    return png;
}

std::string packed(const std::vector<PackedEntry>& entries, const std::string& format)
{
    archive* a = archive_write_new();
    if (format == "zip") {
        archive_write_set_format_zip(a);
        archive_write_set_options(a, "hdrcharset=BINARY");
    } else
        archive_write_set_format_gnutar(a);
    if (format == "tar.gz")
        archive_write_add_filter_gzip(a);
    std::size_t most = 1 << 20;
    for (const PackedEntry& each : entries)
        most += each.content.size() + each.path.size() * 4 + 4096;
    std::string bytes(most, '\0');
    std::size_t used = 0;
    archive_write_open_memory(a, bytes.data(), bytes.size(), &used);
    for (const PackedEntry& each : entries) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, each.path.c_str());
        archive_entry_set_filetype(entry, each.path.ends_with('/') ? AE_IFDIR : AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        if (!each.link.empty()) {
            archive_entry_set_filetype(entry, AE_IFLNK);
            archive_entry_set_symlink(entry, each.link.c_str());
        } else if (!each.hardLink.empty())
            archive_entry_set_hardlink(entry, each.hardLink.c_str());
        else
            archive_entry_set_size(entry, static_cast<la_int64_t>(each.content.size()));
        archive_write_header(a, entry);
        archive_write_data(a, each.content.data(), each.content.size());
        archive_entry_free(entry);
    }
    archive_write_close(a);
    archive_write_free(a);
    bytes.resize(used);
    return bytes;
}

void writeTwoClasses(const std::filesystem::path& folder, int count)
{
    for (int i = 0; i < count; ++i) {
        writeFile(folder / "a" / (std::to_string(i) + ".png"), pngOf(i));
        writeFile(folder / "b" / (std::to_string(i) + ".png"), pngOf(i + 1000));
    }
}

} // namespace torchdesk::test
