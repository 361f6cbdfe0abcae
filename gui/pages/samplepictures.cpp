// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/samplepictures.h"

#include <algorithm>

namespace torchdesk {

namespace {

/// The first \p wanted samples of each of the first \p classes classes; the search ends when all are found.
std::vector<std::vector<std::int64_t>> firstSamples(const SampleStore& store, int classes, int wanted)
{
    std::vector<std::vector<std::int64_t>> found(static_cast<std::size_t>(classes));
    int missing = classes * wanted;
    const auto labels = store.labels();
    for (std::size_t i = 0; i < labels.size() && missing > 0; ++i) {
        if (labels[i] >= classes)
            continue;
        auto& own = found[static_cast<std::size_t>(labels[i])];
        if (static_cast<int>(own.size()) < wanted) {
            own.push_back(static_cast<std::int64_t>(i));
            --missing;
        }
    }
    return found;
}

GridPicture pictureOf(const DataSet& data, std::int64_t index)
{
    const auto label = static_cast<std::size_t>(data.train->labels()[static_cast<std::size_t>(index)]);
    GridPicture picture;
    picture.image =
        imageOfSample(data.train->samples(), static_cast<std::size_t>(index), data.description.shape);
    picture.label = QString::fromStdString(data.description.classes[label]);
    picture.number = index;
    return picture;
}

} // namespace

std::vector<GridPicture> firstOfEachClass(const DataSet& data, int count, int columns)
{
    std::vector<GridPicture> pictures;
    if (!data.train || data.description.shape.size() != 3)
        return pictures;
    const int classes = std::min(columns, static_cast<int>(data.description.classes.size()));
    const int rows = classes > 0 ? count / columns : 0;
    const auto found = firstSamples(*data.train, classes, rows);
    for (int row = 0; row < rows; ++row)
        for (const auto& own : found)
            if (row < static_cast<int>(own.size()))
                pictures.push_back(pictureOf(data, own[static_cast<std::size_t>(row)]));
    return pictures;
}

std::vector<GridPicture> withPixels(std::vector<GridPicture> pictures, std::span<const std::uint8_t> samples,
                                    const Shape& shape)
{
    for (std::size_t i = 0; i < pictures.size(); ++i)
        pictures[i].image = imageOfSample(samples, i, shape);
    return pictures;
}

} // namespace torchdesk
