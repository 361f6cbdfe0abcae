// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/layers/rows.h"

/// The loops of batchnorm2d, a row at a time, alone or with the relu and the 2×2 pool that follow it.
namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

/// What the rows of a channel have in common.
struct Normalised
{
    float mean = 0;
    float scale = 1; ///< 1 / √(v + ε)
    float weight = 1;
    float bias = 0;
    float floor = 0;        ///< 0 with a relu, else minus infinity: the output is at least that
    float meanGradient = 0; ///< B / n
    float slope = 0;        ///< W / n / √(v + ε)

    [[gnu::always_inline]] Vec value(Vec x) const
    {
        return larger((x - mean) * (scale * weight) + bias, broadcast(floor));
    }
    /// What of g, the gradient by the output y, goes past the relu.
    [[gnu::always_inline]] Vec kept(Vec g, Vec y) const { return y > floor ? g : Vec{}; }
    /// The gradient by x, with g past the relu.
    [[gnu::always_inline]] Vec gradient(Vec factor, Vec g, Vec x) const
    {
        return factor * (g - meanGradient - (x - mean) * slope);
    }
};

/// Of four values the one whose output is largest, the first of equals; rising: +1 where outputs rise with x,
/// -1 where they fall, 0 where all are equal.
[[gnu::always_inline]] inline Vec chosen(const Vec (&x)[4], float rising)
{
    Vec most = x[0];
#pragma GCC unroll 3
    for (int i = 1; i < 4; ++i)
        most = x[i] * rising > most * rising ? x[i] : most;
    return most;
}

inline float risingOf(const Normalised& channel)
{
    return channel.weight > 0 ? 1.0f : channel.weight < 0 ? -1.0f : 0.0f;
}

/// The window of place q in two rows of x.
struct TwoRows
{
    Vec* above;
    Vec* below;

    [[gnu::always_inline]] void read(std::int64_t q, Vec (&x)[4]) const
    {
        x[0] = above[2 * q];
        x[1] = above[2 * q + 1];
        x[2] = below[2 * q];
        x[3] = below[2 * q + 1];
    }
    [[gnu::always_inline]] Vec& place(std::int64_t q, int i) const
    {
        Vec* const row = i < 2 ? above : below; // in one expression GCC 12 goes wrong under UBSan
        return row[2 * q + i % 2];
    }
};

[[maybe_unused]] inline void normaliseRow(const Normalised& channel, const Vec* x, Vec* y,
                                          std::int64_t columns)
{
    for (std::int64_t q = 0; q < columns; ++q)
        y[q] = channel.value(x[q]);
}

[[maybe_unused]] inline void poolRow(const Normalised& channel, const TwoRows& rows, Vec* y,
                                     std::int64_t columns)
{
    const float rising = risingOf(channel);
    for (std::int64_t q = 0; q < columns; ++q) {
        Vec x[4];
        rows.read(q, x);
        y[q] = channel.value(chosen(x, rising));
    }
}

/// Adds Σ g and Σ g × (x - m), g past the relu.
[[maybe_unused]] inline void addGradientSums(const Normalised& channel, const Vec* x, const Vec* y,
                                             const Vec* g, std::int64_t columns, Vec (&sums)[2])
{
    for (std::int64_t q = 0; q < columns; ++q) {
        const Vec kept = channel.kept(g[q], y[q]);
        sums[0] += kept;
        sums[1] += kept * (x[q] - channel.mean);
    }
}

[[maybe_unused]] inline void addPooledSums(const Normalised& channel, const TwoRows& rows, const Vec* y,
                                           const Vec* g, std::int64_t columns, Vec (&sums)[2])
{
    const float rising = risingOf(channel);
    for (std::int64_t q = 0; q < columns; ++q) {
        Vec x[4];
        rows.read(q, x);
        const Vec kept = channel.kept(g[q], y[q]);
        sums[0] += kept;
        sums[1] += kept * (chosen(x, rising) - channel.mean);
    }
}

/// to may be where g is.
[[maybe_unused]] inline void gradientRow(const Normalised& channel, Vec factor, const Vec* x, const Vec* y,
                                         const Vec* g, Vec* to, std::int64_t columns, bool adds)
{
    for (std::int64_t q = 0; q < columns; ++q) {
        const Vec part = channel.gradient(factor, channel.kept(g[q], y[q]), x[q]);
        to[q] = adds ? to[q] + part : part;
    }
}

/// to may be where x is.
[[maybe_unused]] inline void pooledGradientRows(const Normalised& channel, Vec factor, const TwoRows& rows,
                                                const Vec* y, const Vec* g, const TwoRows& to,
                                                std::int64_t columns)
{
    const float rising = risingOf(channel);
    for (std::int64_t q = 0; q < columns; ++q) {
        Vec x[4];
        rows.read(q, x);
        const Vec most = chosen(x, rising);
        Vec left = channel.kept(g[q], y[q]); // until the first place that holds it has taken it
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
            const auto hit = x[i] == most;
            to.place(q, i) = channel.gradient(factor, hit ? left : Vec{}, x[i]);
            left = hit ? Vec{} : left;
        }
    }
}

} // namespace

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
