// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/folder/folderscan.h"
#include "core/plan/folderoptions.h"

#include <optional>

namespace torchdesk {

/// Some pictures of a folder at the size of the network, brought there as the options say.
struct FolderExamples
{
    struct Example
    {
        std::int64_t sample = 0; ///< its place in the training part of the data set
        std::string label;
        std::int32_t width = 0; ///< of the file
        std::int32_t height = 0;

        bool operator==(const Example&) const = default;
    };
    std::vector<Example> examples;
    Preprocessing preprocessing; ///< of these pictures: shape, fit and range
    std::vector<std::uint8_t> samples;
};

struct FolderExamplesWish
{
    std::shared_ptr<const FolderScan> scan;
    FolderOptions options;
    Shape modelInput;
    std::optional<PictureRange> range; ///< of 16-bit pictures, where it is known
    int count = 0;                     ///< of pictures, at most
    int columns = 0;                   ///< so many classes at most

    bool operator==(const FolderExamplesWish&) const = default;
};

/// Decodes the first training pictures of each class, class after class in turn, without waiting until the
/// whole set is decoded. The files are read once: what follows a changed fit or size is made of the bytes
/// kept. Pictures that cannot be read are left out. One thread at a time; blocks.
class FolderExampleReader
{
public:
    Expected<FolderExamples> read(const FolderExamplesWish& wish, std::stop_token stop);

private:
    bool fetch(const std::shared_ptr<const FolderScan>& scan, const std::vector<std::size_t>& pictures,
               const std::stop_token& stop);
    void fetchFiles(const std::stop_token& stop);
    void fetchEntries(const std::stop_token& stop);

    std::shared_ptr<const FolderScan> m_scan;
    std::vector<std::size_t> m_pictures; ///< indices into the scan's
    std::vector<Bytes> m_files;          ///< one a picture, as it lies on the disk; empty: not read
};

} // namespace torchdesk
