// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace torchdesk {

/// What a file in a folder of pictures is, told by its name alone.
enum class EntryKind
{
    Picture, ///< .jpg .jpeg .png .tif .tiff
    Foreign, ///< a picture in a format that is not read: formatName() says which
    Archive, ///< one that isArchiveName(), which may hold pictures that are not seen
    Other,   ///< lists, notes: no business of ours
    Hidden,  ///< what systems leave behind: .DS_Store, __MACOSX/…, Thumbs.db
};

/// \p path is relative, with '/'.
EntryKind fileKind(std::string_view path);
/// "CZI", "NIfTI", "GIF" for a Foreign file.
std::string formatName(std::string_view path);
/// Whether a file with this name is taken for an archive: .zip .tar .tar.gz .tgz .tar.bz2 .tar.xz .tar.zst
/// and so on.
bool isArchiveName(std::string_view path);

} // namespace torchdesk
