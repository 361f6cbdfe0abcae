// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace torchdesk {

/// A file that is published somewhere; what comes is compared with its size and SHA-256.
struct PublishedFile
{
    std::string name; ///< under which it is kept
    std::uint64_t size = 0;
    std::string sha256;            ///< lower-case hexadecimal
    std::vector<std::string> urls; ///< https only, tried in this order
};

/// The files of a data set of the catalogue.
struct PublishedSet
{
    std::string name;  ///< as in the catalogue; also the folder that the files go into
    std::string label; ///< "CIFAR-10"
    std::vector<PublishedFile> files;

    std::uint64_t bytes() const; ///< of all files
};

/// What can be downloaded. TORCHDESK_MIRROR, an address such as https://mirror.example.org/data, is tried
/// before the published ones: the file is asked for as MIRROR/SET/FILE.
std::vector<PublishedSet> publishedSets();
/// Without the mirror of one's own: nullptr where the set cannot be downloaded. Valid for ever.
const PublishedSet* findPublished(const std::string& name);

} // namespace torchdesk
