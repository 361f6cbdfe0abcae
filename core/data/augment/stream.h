// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/philox.h"

namespace torchdesk::augment {

/// Which kind of augmentation draws. Each has a stream of its own, so that setting one changes nothing of
/// what another draws. Values are part of the format; never reuse.
enum class Kind : std::uint64_t
{
    ResizedCrop = 1,
    Crop = 2,
    Flip = 3,
    Rotate = 4,
    Shift = 5,
    Colour = 6,
    Noise = 7,
    Erase = 8,
    Mix = 9,
};

/// Whose turn it is: numbers follow from this alone, never from threads or the size of a batch.
struct Turn
{
    std::uint64_t seed = 0;
    std::uint64_t epoch = 0; ///< from 1; below 2^32
    std::uint32_t index =
        0; ///< the sample's place in its store (of balanced sampling and Mix: in the epoch's order)
};

inline Random stream(const Turn& turn, Kind kind)
{
    return {turn.seed, Purpose::Augmentation, turn.epoch | static_cast<std::uint64_t>(kind) << 32,
            turn.index};
}

/// Uniform in [least, most).
inline double uniformIn(Random& random, double least, double most)
{
    return least + (most - least) * random.uniformDouble();
}

/// How a sample lies in memory: channel by channel, row by row.
struct PictureShape
{
    int channels = 1;
    int height = 0;
    int width = 0;
    std::size_t plane() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }
    std::size_t elements() const { return static_cast<std::size_t>(channels) * plane(); }
};

/// A rectangle of pixels.
struct Box
{
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;

    bool operator==(const Box&) const = default;
};

} // namespace torchdesk::augment
