// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/augment/mixing.h"
#include "core/data/augment/warp.h"
#include "core/data/preprocessing.h"

#include <optional>

namespace torchdesk {

/// Varies training samples and normalises them. What a sample becomes follows from (seed, epoch, its place in
/// the store, or in the order of the epoch) alone: neither threads nor the size of a batch change it. A
/// value; const calls may come from any number of threads.
class Augmenter
{
public:
    /// \p preprocessing: of shape {1 or 3, height, width}.
    Augmenter(const Augmentation& augmentation, const Preprocessing& preprocessing, std::uint64_t seed);

    /// The samples at \p indices of \p samples (bytes of a store) as the network sees them in \p epoch: \p
    /// out gets indices.size() × elements floats. In this order: the kinds that move pixels as one map
    /// (augment/geometric.h), colours, noise, normalising, erasing. Where samples may come several times in
    /// an epoch, \p first is the place of the first one in the epoch's order: places then take the part of
    /// indices in what is drawn, so that a sample looks different each time.
    void fill(std::span<const std::uint8_t> samples, std::span<const std::int64_t> indices,
              std::uint64_t epoch, float* out, std::optional<std::int64_t> first = {}) const;
    /// The same for samples that lie one after the other and whose places in the store are \p places.
    void fillPlaced(std::span<const std::uint8_t> samples, std::span<const std::int64_t> places,
                    std::uint64_t epoch, float* out) const;
    /// How a batch of \p count is mixed whose first sample stands at \p first in the order of the epoch.
    augment::Mix drawMix(std::int64_t count, std::uint64_t epoch, std::int64_t first) const;

    const augment::PictureShape& shape() const { return m_shape; }

private:
    void fillOne(const std::uint8_t* sample, const augment::Turn& turn, std::span<float> out,
                 augment::WarpScratch& scratch) const;
    void normalise(std::span<float> picture) const;

    Augmentation m_augmentation;
    augment::PictureShape m_shape;
    std::uint64_t m_seed;
    bool m_moves = false;
    bool m_colours = false;
    std::vector<float> m_factor; ///< one a channel
    std::vector<float> m_offset;
};

/// What fill() and mixing make of the samples at \p indices, taken as one batch, as bytes again: for people
/// to look at.
std::vector<std::uint8_t> augmentedBytes(const Augmentation& augmentation, const Preprocessing& preprocessing,
                                         std::uint64_t seed, std::uint64_t epoch,
                                         std::span<const std::uint8_t> samples,
                                         std::span<const std::int64_t> indices);
/// The same of fillPlaced().
std::vector<std::uint8_t> augmentedBytesPlaced(const Augmentation& augmentation,
                                               const Preprocessing& preprocessing, std::uint64_t seed,
                                               std::uint64_t epoch, std::span<const std::uint8_t> samples,
                                               std::span<const std::int64_t> places);

} // namespace torchdesk
