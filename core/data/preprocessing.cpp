// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/preprocessing.h"

#include "core/base/text.h"
#include "core/data/dataset.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <fmt/format.h>

namespace torchdesk {

namespace {

using Table = std::array<float, 256>;

/// A side of a picture beyond this is a mistake, and keeps products far from overflow.
constexpr std::int64_t largestSide = 16384;

void checkShape(JsonReader& reader, const Shape& shape)
{
    const auto fits = [](std::int64_t size) { return size >= 1 && size <= largestSide; };
    if (shape.size() != 3 || !std::all_of(shape.begin(), shape.end(), fits) ||
        (shape[0] != 1 && shape[0] != 3))
        reader.fail("shape", shapeText(shape),
                    fmt::format("channels (1 or 3), height and width, each from 1 to {}", largestSide));
}

void checkPerChannel(JsonReader& reader, const char* key, const std::vector<double>& values,
                     const Shape& shape)
{
    if (!values.empty() && !shape.empty() && static_cast<std::int64_t>(values.size()) != shape[0])
        reader.fail(key, fmt::format("{} numbers", values.size()),
                    fmt::format("one for each of {} channels", shape[0]));
    if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }))
        reader.fail(key, "a number that is not finite", "finite numbers");
}

void check(JsonReader& reader, const Preprocessing& value)
{
    checkShape(reader, value.shape);
    if (!std::isfinite(value.scale) || value.scale == 0)
        reader.fail("scale", toText(value.scale), "a finite number that is not 0");
    checkPerChannel(reader, "mean", value.mean, value.shape);
    checkPerChannel(reader, "deviation", value.deviation, value.shape);
    if (std::any_of(value.deviation.begin(), value.deviation.end(), [](double v) { return !(v > 0); }))
        reader.fail("deviation", "a number that is not positive", "positive numbers");
    if (value.picture != "digit" && !isPictureFit(value.picture))
        reader.fail("picture", shown(Json(value.picture)),
                    "\"digit\", \"crop\", \"squash\", \"fill\" or \"fit\"");
    else if (value.picture == "digit" && !value.shape.empty() && value.shape[0] != 1)
        reader.fail("picture", "\"digit\" with 3 channels", "\"squash\" or another for colour pictures");
}

void readRange(JsonReader& reader, std::optional<PictureRange>& range)
{
    std::vector<double> ends;
    reader.read("range", ends);
    if (ends.empty())
        return;
    if (ends.size() != 2 || !(ends[0] >= 0) || !(ends[0] < ends[1]) || !(ends[1] <= 65535))
        reader.fail("range", fmt::format("{} numbers that are no range", ends.size()),
                    "the lowest and the highest value, within 0 and 65535");
    else
        range = PictureRange{static_cast<int>(ends[0]), static_cast<int>(ends[1])};
}

Table tableOf(const Preprocessing& preprocessing, std::size_t channel)
{
    const double mean = preprocessing.mean.empty() ? 0.0 : preprocessing.mean[channel];
    const double deviation = preprocessing.deviation.empty() ? 1.0 : preprocessing.deviation[channel];
    Table table{};
    for (std::size_t byte = 0; byte < table.size(); ++byte)
        table[byte] =
            static_cast<float>((static_cast<double>(byte) * preprocessing.scale - mean) / deviation);
    return table;
}

bool isDigitSet(const DataDescription& description)
{
    const std::vector<std::string> digits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    return description.classes == digits && description.shape.size() == 3 && description.shape[0] == 1;
}

} // namespace

bool isPictureFit(const std::string& word)
{
    return word == "crop" || word == "squash" || word == "fill" || word == "fit";
}

Json toJson(const Preprocessing& preprocessing)
{
    Json json;
    json["shape"] = preprocessing.shape;
    json["scale"] = preprocessing.scale;
    json["mean"] = preprocessing.mean;
    json["deviation"] = preprocessing.deviation;
    json["picture"] = preprocessing.picture;
    if (preprocessing.range)
        json["range"] = {preprocessing.range->low, preprocessing.range->high};
    return json;
}

Expected<Preprocessing> preprocessingFromJson(const Json& json, const std::string& source)
{
    JsonReader reader(json, source, "preprocessing");
    Preprocessing value;
    reader.require({"shape"});
    reader.read("shape", value.shape);
    reader.read("scale", value.scale);
    reader.read("mean", value.mean);
    reader.read("deviation", value.deviation);
    reader.read("picture", value.picture);
    readRange(reader, value.range);
    check(reader, value);
    if (auto finished = reader.finish(); !finished)
        return failure(finished);
    return value;
}

Preprocessing preprocessingFor(const DataDescription& description)
{
    Preprocessing value;
    value.shape = description.shape;
    value.picture = isDigitSet(description) ? "digit" : "fit";
    return value;
}

Preprocessing preprocessingFor(const DataSet& data)
{
    Preprocessing value = preprocessingFor(data.description);
    if (!data.fit.empty())
        value.picture = data.fit;
    value.range = data.range;
    return value;
}

void normalise(const Preprocessing& preprocessing, std::span<const std::uint8_t> samples,
               std::span<float> out)
{
    assert(preprocessing.shape.size() == 3 && out.size() >= samples.size());
    const auto channels = static_cast<std::size_t>(preprocessing.shape[0]);
    const auto plane = static_cast<std::size_t>(preprocessing.shape[1] * preprocessing.shape[2]);
    std::vector<Table> tables;
    for (std::size_t channel = 0; channel < channels; ++channel)
        tables.push_back(tableOf(preprocessing, channel));
    for (std::size_t start = 0, channel = 0; start + plane <= samples.size(); start += plane) {
        const Table& table = tables[channel];
        std::transform(samples.begin() + static_cast<std::ptrdiff_t>(start),
                       samples.begin() + static_cast<std::ptrdiff_t>(start + plane),
                       out.begin() + static_cast<std::ptrdiff_t>(start),
                       [&table](std::uint8_t byte) { return table[byte]; });
        channel = channel + 1 == channels ? 0 : channel + 1;
    }
}

} // namespace torchdesk
