// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

#include <filesystem>

namespace torchdesk {

/// The folder among \p folders (each itself, then its sub-folders mnist, MNIST/raw) with the four IDX files,
/// plain or .gz; the error names the four files and every folder searched. A folder whose name or files are
/// those of Fashion-MNIST (see below) is passed over.
Expected<std::filesystem::path> findMnist(const std::vector<std::filesystem::path>& folders);
DataDescription mnistDescription();

/// How many files a set in this form has, and those of them that \p folder lacks, plain and .gz.
constexpr std::size_t idxFileCount = 4;
std::vector<std::string> missingIdxFiles(const std::filesystem::path& folder);

/// As findMnist() for Fashion-MNIST, whose files are called as MNIST's: sub-folders fashion-mnist,
/// FashionMNIST/raw. A folder itself counts where its name says so (fashion-mnist, FashionMNIST or its raw),
/// or where the packed labels of its test part have the SHA-256 of the published ones.
Expected<std::filesystem::path> findFashionMnist(const std::vector<std::filesystem::path>& folders);
DataDescription fashionMnistDescription();
bool holdsFashionMnist(const std::filesystem::path& folder);

/// Reads the four files of \p folder. Any set in MNIST's form (EMNIST digits …) is read; labels must be
/// within ten classes. \p known gives names and licence. Blocks.
Expected<DataSet> readMnist(const std::filesystem::path& folder, const Progress& progress = {},
                            std::stop_token stop = {}, const DataDescription& known = mnistDescription());

} // namespace torchdesk
