// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/model/tensor.h"

#include <optional>
#include <span>
#include <vector>

namespace torchdesk {

struct DataDescription;
struct DataSet;

/// The values of 16-bit pictures that become 0 and 255: one range for a whole set.
struct PictureRange
{
    int low = 0;      ///< 0 … 65534
    int high = 65535; ///< above low, at most 65535

    bool operator==(const PictureRange&) const = default;
};

/// How stored bytes become what the network sees: (byte × scale - mean[c]) / deviation[c] for each channel,
/// and how a picture from outside becomes stored bytes. Kept with the run.
struct Preprocessing
{
    Shape shape; ///< {channels, height, width} of the network's input
    double scale = 1.0 / 255.0;
    std::vector<double> mean;      ///< one a channel; empty: 0
    std::vector<double> deviation; ///< one a channel; empty: 1
    /// "digit": grey, ink made bright on dark, cut to the ink, scaled to 20×20 keeping its proportion,
    /// centred by its centre of mass in 28×28, as MNIST was made. "squash", or "fit" as it was called first:
    /// scaled to the shape. "crop": scaled until it covers the shape, and its middle kept. "fill": scaled
    /// until all of it is inside, on mid grey.
    std::string picture = "fit";
    /// Of the set that was trained on, where it has 16-bit pictures; without it they are scaled by 0 … 65535.
    std::optional<PictureRange> range;

    bool operator==(const Preprocessing&) const = default;
};

/// Whether \p word is a way to bring any picture to the shape: all of Preprocessing::picture but "digit".
bool isPictureFit(const std::string& word);

Json toJson(const Preprocessing& preprocessing);
Expected<Preprocessing> preprocessingFromJson(const Json& json, const std::string& source);

/// What a run on this data set uses: bytes scaled to 0..1; grey pictures of the ten digits are read as
/// "digit".
Preprocessing preprocessingFor(const DataDescription& description);
/// The same, and as the pictures of a folder were brought to their shape.
Preprocessing preprocessingFor(const DataSet& data);

/// The reference of the conversion, on the processor: \p out gets count × elements floats.
void normalise(const Preprocessing& preprocessing, std::span<const std::uint8_t> samples,
               std::span<float> out);

} // namespace torchdesk
