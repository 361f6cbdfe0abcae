// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/preprocessing.h"
#include "core/model/tensor.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace torchdesk {

/// What is known of a data set without its pixels.
struct DataDescription
{
    std::string name;    ///< "mnist", or the path
    std::string label;   ///< "MNIST"
    std::string summary; ///< "70,000 grey pictures of 28×28 in 10 classes, drawn by TorchDesk itself"
    std::vector<std::string> classes; ///< names, in the order of the labels
    Shape shape;                      ///< {channels, height, width}
    std::int64_t trainCount = 0;
    std::int64_t testCount = 0;
    std::string licence;
    std::string source;      ///< who publishes it: a page of the web without "https://"; "" for drawn data
    std::string fingerprint; ///< SHA-256 over what the set is made of; "" while it is not opened
    std::string folder;      ///< where it was found; "" for drawn data

    bool operator==(const DataDescription&) const = default;
};

/// One part (training or test): uint8 samples one after the other in resident or mapped memory, and their
/// labels. Never changes once made, so any thread may read it. A batch is an index gather; there are no
/// per-sample objects.
class SampleStore
{
public:
    virtual ~SampleStore() = default;
    /// count × channels × height × width bytes.
    virtual std::span<const std::uint8_t> samples() const = 0;
    /// One label a sample, each within the classes.
    virtual std::span<const std::int64_t> labels() const = 0;
    std::int64_t count() const { return static_cast<std::int64_t>(labels().size()); }
};

/// A sentence about the data that the person should know: what was left out, what stands on both sides of the
/// split.
struct DataNotice
{
    std::string message;
    bool warning = false; ///< it makes figures wrong, or something was lost

    bool operator==(const DataNotice&) const = default;
};

/// What a data set itself says of its division into training, validation and test.
struct DataParts
{
    /// Training samples that validate: the set has such a part of its own. Empty: a share is drawn.
    std::vector<std::int64_t> validation;
    /// For each training sample a number, the same for those that must not be parted (pictures of one slide).
    /// Empty: the split is by the sample's place, as in MNIST; else it is drawn, class by class.
    std::vector<std::int64_t> groups;
    /// Training samples that are not to be used, sorted: they could not be decoded, or their class is left
    /// out because of that, and their label is 0.
    std::vector<std::int64_t> unusable;
    /// Test samples that are not to be used, sorted.
    std::vector<std::int64_t> unusableTest;
};

/// A data set with its pixels: a value, cheap to copy.
struct DataSet
{
    DataDescription description;
    std::shared_ptr<const SampleStore> train;
    std::shared_ptr<const SampleStore> test; ///< may hold no samples
    std::shared_ptr<const DataParts> parts;  ///< nullptr: nothing but the two stores
    std::vector<DataNotice> notices;
    std::string fit; ///< how a picture comes to the shape (Preprocessing::picture); "": by the set's kind
    std::optional<PictureRange> range; ///< of 16-bit pictures (Preprocessing::range)
};

/// The test samples that count, in order.
std::vector<std::int64_t> testSamples(const DataSet& data);

/// Samples held in vectors: what drawn digits and IDX files become.
class ResidentStore final : public SampleStore
{
public:
    ResidentStore(std::vector<std::uint8_t> samples, std::vector<std::int64_t> labels);
    std::span<const std::uint8_t> samples() const override { return m_samples; }
    std::span<const std::int64_t> labels() const override { return m_labels; }

private:
    std::vector<std::uint8_t> m_samples;
    std::vector<std::int64_t> m_labels;
};

/// Copies the samples at \p indices, one after the other, into \p out.
void gather(const SampleStore& store, std::int64_t sampleBytes, std::span<const std::int64_t> indices,
            std::span<std::uint8_t> out);

/// Called now and then from the thread that works, with a share from 0 to 1 and what is being done ("drawing
/// digits").
using Progress = std::function<void(double share, const std::string& what)>;

} // namespace torchdesk
