// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/sizedset.h"

#include "core/base/sha256.h"
#include "core/data/pictures/picturecache.h"
#include "core/data/pictures/resample.h"

#include <fmt/format.h>

namespace torchdesk {

namespace {

/// The picture at \p index of the training samples and the test samples after them, scaled to the square of
/// \p side pixels: channels × side × side bytes.
std::vector<std::uint8_t> scaledSample(const DataSet& data, std::int64_t index, int side)
{
    const Shape& shape = data.description.shape;
    const bool trains = index < data.train->count();
    const SampleStore& store = trains ? *data.train : *data.test;
    Plane plane{static_cast<int>(shape[2]), static_cast<int>(shape[1]), {}};
    const auto planeBytes = static_cast<std::size_t>(shape[1] * shape[2]);
    const auto place = static_cast<std::size_t>((trains ? index : index - data.train->count()) * shape[0]);
    std::vector<std::uint8_t> sample;
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(shape[0]); ++channel) {
        const auto bytes = store.samples().subspan((place + channel) * planeBytes, planeBytes);
        plane.values.assign(bytes.begin(), bytes.end());
        const Plane scaled = resample(plane, side, side);
        sample.insert(sample.end(), scaled.values.begin(), scaled.values.end());
    }
    return sample;
}

std::shared_ptr<const SampleStore> partOf(const CachedPictures& cached, const SampleStore& store,
                                          std::int64_t first)
{
    const auto labels = store.labels();
    if (labels.empty())
        return std::make_shared<ResidentStore>(std::vector<std::uint8_t>{}, std::vector<std::int64_t>{});
    return std::make_shared<MappedStore>(cached.samples, first,
                                         std::vector<std::int64_t>(labels.begin(), labels.end()));
}

std::string fingerprintAt(const std::string& fingerprint, std::int64_t side)
{
    const std::string text = fmt::format("{} at {} x {}", fingerprint, side, side);
    return sha256(std::as_bytes(std::span(text)));
}

} // namespace

bool isSizedOtherwise(const DataDescription& description, const FolderOptions& options)
{
    const Shape& shape = description.shape;
    return options.size > 0 && shape.size() == 3 && (shape[1] != options.size || shape[2] != options.size);
}

DataDescription sizedAs(DataDescription description, const FolderOptions& options)
{
    if (!isSizedOtherwise(description, options))
        return description;
    description.shape = {description.shape[0], options.size, options.size};
    description.summary += fmt::format(", scaled to {}×{}", options.size, options.size);
    if (!description.fingerprint.empty())
        description.fingerprint = fingerprintAt(description.fingerprint, options.size);
    return description;
}

Expected<DataSet> sizedSet(DataSet data, const FolderOptions& options, const Progress& progress,
                           std::stop_token stop)
{
    if (!isSizedOtherwise(data.description, options))
        return data;
    DataSet sized = data;
    sized.description = sizedAs(data.description, options);
    const std::int64_t trains = data.train->count();
    const auto make = [&](std::int64_t index) {
        return scaledSample(data, index, static_cast<int>(options.size));
    };
    const auto cached = cacheSamples(data.description.fingerprint, make, trains + data.test->count(),
                                     PictureSettings{sized.description.shape, "squash", std::nullopt},
                                     progress, std::move(stop));
    if (!cached)
        return failure(cached);
    sized.train = partOf(*cached, *data.train, 0);
    sized.test = partOf(*cached, *data.test, trains);
    sized.notices.push_back(
        {fmt::format("The pictures of {} are scaled from {}×{} to {}×{}.", data.description.label,
                     data.description.shape[2], data.description.shape[1], options.size, options.size)});
    return sized;
}

} // namespace torchdesk
