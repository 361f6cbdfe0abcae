// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/pictures/mappedstore.h"
#include "core/data/pictures/picturesource.h"
#include "core/data/preprocessing.h"

namespace torchdesk {

/// How the pictures of a set are kept.
struct PictureSettings
{
    /// {channels (1 or 3), height, width} of what is stored: the network's input, or larger where training
    /// cuts its own pieces out of it.
    Shape shape;
    std::string fit = "crop"; ///< as Preprocessing::picture
    /// For 16-bit pictures; without one it is found: the lowest and the highest value of the set.
    std::optional<PictureRange> range;
};

struct UnreadablePicture
{
    std::int64_t index = 0;
    std::string name;
    std::string reason; ///< a sentence that names the picture

    bool operator==(const UnreadablePicture&) const = default;
};

struct CachedPictures
{
    /// In the order of the set: picture i is sample i. Those that could not be read are zeros.
    std::shared_ptr<const MappedSamples> samples;
    std::vector<UnreadablePicture> unreadable; ///< by index
    std::optional<PictureRange> range;         ///< set where there are 16-bit pictures, or as it was given
    std::vector<std::int64_t> morePages; ///< the pictures with pages after the first, which are left out
    bool fromCache = false;              ///< nothing was decoded: the file was there
};

/// The pictures of a set, decoded and brought to the shape, in a file that is mapped. The file lies in the
/// user's cache (cacheFolder()/pictures), named after \p fingerprint and the settings; where it is there and
/// whole, \p open is not called. Otherwise all cores decode, each picture once (16-bit ones twice, where
/// their range is not known yet), and the file gets its name when it is complete and on the disk: a process
/// that ends on the way leaves nothing that is believed, and two that make the same file do not disturb one
/// another.
///
/// Room: the files together stay below TORCHDESK_CACHE_GB (20) by removing those that were used longest ago,
/// never one that is in use. A set that is larger than that alone is refused with a sentence.
///
/// Memory: what is being decoded is held below 1 GiB, or to one picture. Blocks; \p progress comes from the
/// calling thread. \p stop gives ErrorKind::Cancelled within a picture or so. Errors: a set that breaks off,
/// a full disk.
Expected<CachedPictures> cachePictures(const std::string& fingerprint, const OpenPictures& open,
                                       std::int64_t count, const PictureSettings& settings,
                                       const Progress& progress = {}, std::stop_token stop = {});

/// Gives the sample at an index, of the size that the settings say; called from any number of threads.
using MakeSample = std::function<std::vector<std::uint8_t>(std::int64_t index)>;

/// The same for pictures that need no decoding: \p make is called once for each index where the file is not
/// there yet.
Expected<CachedPictures> cacheSamples(const std::string& fingerprint, const MakeSample& make,
                                      std::int64_t count, const PictureSettings& settings,
                                      const Progress& progress = {}, std::stop_token stop = {});

} // namespace torchdesk
