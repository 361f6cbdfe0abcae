// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace torchdesk::lane {

/// Groups that so many samples fill, the last one perhaps in part.
constexpr std::int64_t groupsOf(std::int64_t samples, int lanes)
{
    return (samples + lanes - 1) / lanes;
}

/// Where a map of a batch lies: [group][channel][row][column] of vectors, one lane a sample. Around each
/// channel lie `halo` rows and columns of zeros, which convolutions read as their padding. Strides count
/// vectors. A map of {features} has one row and one column. Does not own the memory.
struct Map
{
    float* data = nullptr;
    std::int64_t channels = 0;
    std::int64_t height = 1;
    std::int64_t width = 1;
    std::int64_t halo = 0;
    std::int64_t gap =
        0; ///< vectors between channels, so that they do not fall into the same lines of a cache

    /// Of each group, where gradients of a few groups share places: those of a thread in turn. Null: a place
    /// for each.
    const std::int32_t* places = nullptr;

    std::int64_t rowStride() const { return width + 2 * halo; }
    std::int64_t channelStride() const { return rowStride() * (height + 2 * halo) + gap; }
    std::int64_t groupStride() const { return channels * channelStride(); }
    std::int64_t groupOffset(std::int64_t group) const
    {
        return (places ? places[group] : group) * groupStride();
    }
    /// Of the first value that is no halo.
    std::int64_t origin() const { return halo * rowStride() + halo; }
    std::int64_t positions() const { return height * width; }
    std::int64_t features() const { return channels * height * width; }
};

} // namespace torchdesk::lane
