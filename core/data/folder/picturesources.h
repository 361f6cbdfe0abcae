// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/folder/folderscan.h"
#include "core/data/pictures/picturesource.h"

namespace torchdesk {

/// Opens the pictures of a scan anew, for one pass: \p order holds indices into its pictures, and a picture's
/// index in the set is its place in that order. A picture that has vanished or changed since the scan comes
/// with empty bytes and the reason. An archive is read once, from front to back.
OpenPictures openerOf(std::shared_ptr<const FolderScan> scan, std::vector<std::size_t> order);

} // namespace torchdesk
