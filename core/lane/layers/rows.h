// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/map.h"
#include "core/lane/vec.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// The first vector of a row that is no halo.
[[maybe_unused]] inline Vec* rowOf(const Map& map, std::int64_t group, std::int64_t channel, std::int64_t row)
{
    return vectors(map.data) + map.groupOffset(group) + channel * map.channelStride() + map.origin() +
           row * map.rowStride();
}

/// Calls \p each(channel, row) for every row of a map.
template <class Each>
[[gnu::always_inline]] inline void forEachRow(const Map& map, const Each& each)
{
    for (std::int64_t channel = 0; channel < map.channels; ++channel)
        for (std::int64_t row = 0; row < map.height; ++row)
            each(channel, row);
}

/// to = from, or to += from.
[[maybe_unused]] inline void copyRow(const Vec* from, Vec* to, std::int64_t columns, bool adds)
{
    if (adds)
        for (std::int64_t q = 0; q < columns; ++q)
            to[q] += from[q];
    else
        for (std::int64_t q = 0; q < columns; ++q)
            to[q] = from[q];
}

[[maybe_unused]] inline void zeroRow(Vec* to, std::int64_t columns)
{
    for (std::int64_t q = 0; q < columns; ++q)
        to[q] = Vec{};
}

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
