// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/plan/folderoptions.h"

namespace torchdesk {

/// Whether the options want a set with a size of its own (any but a folder of pictures) in another: a size is
/// given, and it is not the set's.
bool isSizedOtherwise(const DataDescription& description, const FolderOptions& options);

/// The description of a set under the options: that of sizedSet(), before anything is opened.
DataDescription sizedAs(DataDescription description, const FolderOptions& options);

/// The set with its pictures scaled to the square that the options say, each axis for itself; the set itself
/// where they want no other size. The pictures come from the cache of decoded ones (picturecache.h), which is
/// filled first where they are not there yet, so that CIFAR-10 at 224 × 224 (9 GB) takes no memory. Blocks;
/// any thread.
Expected<DataSet> sizedSet(DataSet data, const FolderOptions& options, const Progress& progress = {},
                           std::stop_token stop = {});

} // namespace torchdesk
