// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/augment/augmenter.h"

#include "core/data/augment/colour.h"
#include "core/data/augment/erase.h"
#include "core/data/augment/geometric.h"
#include "core/data/augment/noise.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace torchdesk {

using namespace augment;

namespace {

PictureShape pictureShape(const Shape& shape)
{
    assert(shape.size() == 3);
    return {static_cast<int>(shape[0]), static_cast<int>(shape[1]), static_cast<int>(shape[2])};
}

double meanOf(const Preprocessing& preprocessing, std::size_t channel)
{
    return preprocessing.mean.empty() ? 0 : preprocessing.mean[channel];
}

double deviationOf(const Preprocessing& preprocessing, std::size_t channel)
{
    return preprocessing.deviation.empty() ? 1 : preprocessing.deviation[channel];
}

} // namespace

Augmenter::Augmenter(const Augmentation& augmentation, const Preprocessing& preprocessing, std::uint64_t seed)
    : m_augmentation(augmentation), m_shape(pictureShape(preprocessing.shape)), m_seed(seed)
{
    m_moves = augmentation.flip != "off" || augmentation.shift > 0 || augmentation.cropPadding > 0 ||
              augmentation.resizedCrop < 1 || augmentation.rotate > 0;
    m_colours = augmentation.brightness > 0 || augmentation.contrast > 0 || augmentation.saturation > 0;
    for (std::size_t c = 0; c < static_cast<std::size_t>(m_shape.channels); ++c) {
        const double deviation = deviationOf(preprocessing, c);
        m_factor.push_back(static_cast<float>(preprocessing.scale / deviation));
        m_offset.push_back(static_cast<float>(-meanOf(preprocessing, c) / deviation));
    }
}

void Augmenter::fill(std::span<const std::uint8_t> samples, std::span<const std::int64_t> indices,
                     std::uint64_t epoch, float* out, std::optional<std::int64_t> first) const
{
    WarpScratch scratch;
    const std::size_t elements = m_shape.elements();
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const auto at = static_cast<std::size_t>(indices[i]) * elements;
        assert(at + elements <= samples.size());
        const std::int64_t drawnBy = first ? *first + static_cast<std::int64_t>(i) : indices[i];
        fillOne(samples.data() + at, {m_seed, epoch, static_cast<std::uint32_t>(drawnBy)}, {out, elements},
                scratch);
        out += elements;
    }
}

void Augmenter::fillPlaced(std::span<const std::uint8_t> samples, std::span<const std::int64_t> places,
                           std::uint64_t epoch, float* out) const
{
    WarpScratch scratch;
    const std::size_t elements = m_shape.elements();
    assert(places.size() * elements <= samples.size());
    for (std::size_t i = 0; i < places.size(); ++i)
        fillOne(samples.data() + i * elements, {m_seed, epoch, static_cast<std::uint32_t>(places[i])},
                {out + i * elements, elements}, scratch);
}

void Augmenter::fillOne(const std::uint8_t* sample, const Turn& turn, std::span<float> out,
                        WarpScratch& scratch) const
{
    if (m_moves)
        warp(drawMap(m_augmentation, m_shape, turn), m_shape, sample, out.data(), scratch);
    else
        std::copy_n(sample, out.size(), out.data());
    if (m_colours)
        adjustColours(drawColours(m_augmentation, stream(turn, Kind::Colour)), m_shape, out);
    if (m_augmentation.noise > 0)
        addNoise(255 * m_augmentation.noise, stream(turn, Kind::Noise), out);
    normalise(out);
    if (m_augmentation.erasing > 0)
        if (const auto box = drawErased(m_shape, m_augmentation.erasing, stream(turn, Kind::Erase)))
            erase(*box, m_shape, out);
}

void Augmenter::normalise(std::span<float> picture) const
{
    for (std::size_t c = 0; c < m_factor.size(); ++c) {
        const float factor = m_factor[c];
        const float offset = m_offset[c];
        for (float& value : picture.subspan(c * m_shape.plane(), m_shape.plane()))
            value = value * factor + offset;
    }
}

Mix Augmenter::drawMix(std::int64_t count, std::uint64_t epoch, std::int64_t first) const
{
    return augment::drawMix(m_augmentation, m_shape, count,
                            {m_seed, epoch, static_cast<std::uint32_t>(first)});
}

namespace {

/// Mixes normalised samples as one batch and takes the normalising back.
std::vector<std::uint8_t> mixedBytes(const Augmenter& augmenter, const Preprocessing& preprocessing,
                                     std::uint64_t epoch, std::size_t count, std::vector<float> pictures)
{
    const PictureShape& shape = augmenter.shape();
    std::vector<float> scratch;
    mix(augmenter.drawMix(static_cast<std::int64_t>(count), epoch, 0), shape, pictures, scratch);
    std::vector<std::uint8_t> bytes;
    bytes.reserve(pictures.size());
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const std::size_t channel = i / shape.plane() % static_cast<std::size_t>(shape.channels);
        const double value =
            (pictures[i] * deviationOf(preprocessing, channel) + meanOf(preprocessing, channel)) /
            preprocessing.scale;
        bytes.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0))));
    }
    return bytes;
}

} // namespace

std::vector<std::uint8_t> augmentedBytes(const Augmentation& augmentation, const Preprocessing& preprocessing,
                                         std::uint64_t seed, std::uint64_t epoch,
                                         std::span<const std::uint8_t> samples,
                                         std::span<const std::int64_t> indices)
{
    const Augmenter augmenter(augmentation, preprocessing, seed);
    std::vector<float> pictures(indices.size() * augmenter.shape().elements());
    augmenter.fill(samples, indices, epoch, pictures.data());
    return mixedBytes(augmenter, preprocessing, epoch, indices.size(), std::move(pictures));
}

std::vector<std::uint8_t> augmentedBytesPlaced(const Augmentation& augmentation,
                                               const Preprocessing& preprocessing, std::uint64_t seed,
                                               std::uint64_t epoch, std::span<const std::uint8_t> samples,
                                               std::span<const std::int64_t> places)
{
    const Augmenter augmenter(augmentation, preprocessing, seed);
    std::vector<float> pictures(places.size() * augmenter.shape().elements());
    augmenter.fillPlaced(samples, places, epoch, pictures.data());
    return mixedBytes(augmenter, preprocessing, epoch, places.size(), std::move(pictures));
}

} // namespace torchdesk
