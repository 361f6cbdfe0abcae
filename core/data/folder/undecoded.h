// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/folder/folderdraw.h"
#include "core/data/pictures/picturecache.h"

namespace torchdesk {

/// Files that cannot be read, where the options say that they stop the run; \p what is "read" or "decoded".
tl::unexpected<Error> unreadableStops(const FolderScan& scan, const std::vector<UnreadableFile>& files,
                                      const char* what);

/// Leaves out what was drawn and could not be decoded although its head is good, and the classes that have
/// too little without it. An error where the options say so, and where fewer than two classes are left.
Expected<void> leaveOutUndecoded(const FolderScan& scan, const FolderOptions& options,
                                 const std::vector<UnreadablePicture>& undecoded, DrawnFolder& drawn);

} // namespace torchdesk
