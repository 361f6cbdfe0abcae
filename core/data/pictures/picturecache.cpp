// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pictures/picturecache.h"

#include "core/base/paths.h"
#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/data/pictures/cachebuild.h"
#include "core/data/pictures/cachefolder.h"
#include "core/data/pictures/samplefill.h"
#include "core/device/systemmonitor.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

constexpr std::int64_t longestSide = 16384;
constexpr std::int64_t mostPictures = std::int64_t{1} << 31;
/// Counted up where pictures come out otherwise than before: what is kept from then on is made anew.
constexpr int rulesVersion = 1;

Expected<void> checkSettings(std::int64_t count, const PictureSettings& settings)
{
    const auto fits = [](std::int64_t side) { return side >= 1 && side <= longestSide; };
    const Shape& shape = settings.shape;
    if (shape.size() != 3 || !std::all_of(shape.begin(), shape.end(), fits) ||
        (shape[0] != 1 && shape[0] != 3))
        return failure(ErrorKind::InvalidInput,
                       fmt::format("Pictures of {} cannot be kept: 1 or 3 channels, and a height and a width "
                                   "from 1 to {} were wanted. Choose another size.",
                                   shapeText(shape), longestSide));
    const bool digit = settings.fit == "digit" && shape[0] == 1;
    if (!digit && !isPictureFit(settings.fit))
        return failure(ErrorKind::InvalidInput,
                       fmt::format("Pictures cannot be fitted by \"{}\"; crop, squash or fill was wanted.",
                                   shortened(settings.fit, 40)));
    if (count < 1 || count > mostPictures)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("The set has {} pictures, from 1 to {} were wanted. Choose another folder.",
                        grouped(count), grouped(mostPictures)));
    return {};
}

CacheKey keyFor(const std::string& fingerprint, std::int64_t count, const PictureSettings& settings)
{
    const std::string range =
        settings.range ? fmt::format("{} {}", settings.range->low, settings.range->high) : "its own";
    // "fit" is the first name of "squash".
    const std::string fit = settings.fit == "fit" ? "squash" : settings.fit;
    const std::string text = fmt::format("torchdesk pictures {}\n{}\n{}\n{}\n{}\n{}\n", rulesVersion,
                                         fingerprint, count, shapeText(settings.shape), fit, range);
    return {sha256(std::as_bytes(std::span(text))), count, elementCount(settings.shape).value_or(0)};
}

CachedPictures result(OpenedCache opened, bool fromCache)
{
    return CachedPictures{std::move(opened.samples), std::move(opened.notes.unreadable), opened.notes.range,
                          std::move(opened.notes.morePages), fromCache};
}

/// Puts all samples, with so many threads.
using Fill = std::function<Expected<CacheNotes>(CacheWriter& writer, int threads)>;

Expected<OpenedCache> build(const std::filesystem::path& folder, const CacheKey& key, const Fill& fill)
{
    const auto limit = cacheLimit();
    if (!limit)
        return failure(limit);
    if (auto made = makeFolder(folder); !made)
        return failure(made);
    if (auto room = makeRoom(folder, key.pixelBytes(), *limit); !room)
        return failure(room);
    auto writer = CacheWriter::create(folder, key);
    if (!writer)
        return failure(writer);
    const auto notes =
        fill(**writer, static_cast<int>(std::clamp<std::int64_t>(key.count, 1, availableCores())));
    if (!notes)
        return failure(notes);
    return (*writer)->finish(*notes);
}

/// What is there and whole, or is made now.
Expected<CachedPictures> cached(const std::string& fingerprint, std::int64_t count,
                                const PictureSettings& settings, const Fill& fill)
{
    if (auto checked = checkSettings(count, settings); !checked)
        return failure(checked);
    const std::filesystem::path folder = cacheFolder() / "pictures";
    const CacheKey key = keyFor(fingerprint, count, settings);
    if (auto opened = openCacheFile(folder, key))
        return result(std::move(*opened), true);
    auto built = build(folder, key, fill);
    if (!built)
        return failure(built);
    return result(std::move(*built), false);
}

} // namespace

Expected<CachedPictures> cachePictures(const std::string& fingerprint, const OpenPictures& open,
                                       std::int64_t count, const PictureSettings& settings,
                                       const Progress& progress, std::stop_token stop)
{
    return cached(fingerprint, count, settings, [&](CacheWriter& writer, int threads) {
        return CacheBuild(writer, count, settings, threads).run(open, progress, stop);
    });
}

Expected<CachedPictures> cacheSamples(const std::string& fingerprint, const MakeSample& make,
                                      std::int64_t count, const PictureSettings& settings,
                                      const Progress& progress, std::stop_token stop)
{
    return cached(fingerprint, count, settings, [&](CacheWriter& writer, int threads) {
        return SampleFill(writer, make, count).run(threads, progress, stop);
    });
}

} // namespace torchdesk
