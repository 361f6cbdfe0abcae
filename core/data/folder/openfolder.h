// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/data/folder/folderscan.h"
#include "core/plan/folderoptions.h"

namespace torchdesk {

/// scanFolder(), but what was scanned last is kept for as long as no file changes. Walks through the names
/// every time. Blocks; any thread.
Expected<std::shared_ptr<const FolderScan>>
keptScan(const std::filesystem::path& path, const Progress& progress = {}, std::stop_token stop = {});

/// The pictures of a scan as a data set, from the cache of decoded pictures, which is filled first where it
/// is not there yet. The side is the options' or that of \p modelInput (channels, rows, columns), else 224.
/// Pictures that cannot be decoded are left out and named in the notices, or an error, as the options say.
/// Blocks; any thread.
Expected<DataSet> picturesOf(const std::shared_ptr<const FolderScan>& scan, const FolderOptions& options,
                             const Shape& modelInput, const Progress& progress = {},
                             std::stop_token stop = {});

/// {channels, rows, columns} to which picturesOf() brings the pictures.
Shape pictureShape(const FolderScan& scan, const FolderOptions& options, const Shape& modelInput);

/// What picturesOf() would give, as a key: it changes when a file, an option or the shape does.
std::string pictureKey(const FolderScan& scan, const FolderOptions& options, const Shape& modelInput);

} // namespace torchdesk
