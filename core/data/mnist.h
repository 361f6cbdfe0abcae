// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

#include <filesystem>

namespace torchdesk {

/// The folder among \p folders (each itself, then its sub-folders mnist, MNIST/raw) with the four IDX files,
/// plain or .gz; the error names the four files and every folder searched.
Expected<std::filesystem::path> findMnist(const std::vector<std::filesystem::path>& folders);
DataDescription mnistDescription();
/// Reads the four files of \p folder. Any set in MNIST's form (Fashion-MNIST, EMNIST digits …) is read;
/// labels must be within ten classes. Blocks.
Expected<DataSet> readMnist(const std::filesystem::path& folder, const Progress& progress = {},
                            std::stop_token stop = {});

} // namespace torchdesk
