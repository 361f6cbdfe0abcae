// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

/// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011). A number is a function of (seed, purpose, epoch or step, index), so neither threads
/// nor resuming change it, and it is the same with every standard library.
namespace torchdesk {

/// What the numbers are for: streams of different purposes never meet. Values are part of the format; never
/// reuse.
enum class Purpose : std::uint32_t
{
    Order = 1,
    Split = 2,
    Initialisation = 3,
    Dropout = 4,
    Augmentation = 5,
    DrawnDigits = 6,
    Verification = 7, ///< samples that an export is compared on where the data cannot be opened
    Balance = 8,      ///< which samples an epoch of balanced classes draws
};

using PhiloxBlock = std::array<std::uint32_t, 4>;

/// Ten rounds of Philox4x32.
PhiloxBlock philox(PhiloxBlock counter, std::array<std::uint32_t, 2> key);

/// A stream of numbers for one (seed, purpose, epochOrStep, index). A value: copy it, keep it, throw it away.
class Random
{
public:
    Random(std::uint64_t seed, Purpose purpose, std::uint64_t epochOrStep = 0, std::uint32_t index = 0);

    std::uint32_t next();
    std::uint64_t next64();
    /// Uniform in [0, bound), without bias (Lemire 2019). \p bound > 0.
    std::uint32_t below(std::uint32_t bound);
    /// Uniform in [0, 1) with 24 bits.
    float uniform();
    /// Uniform in [0, 1) with 53 bits.
    double uniformDouble();
    /// Standard normal (Box-Muller).
    double normal();

private:
    std::array<std::uint32_t, 2> m_key;
    PhiloxBlock m_counter;
    PhiloxBlock m_block{};
    int m_used = 4;
};

/// The numbers 0 … count-1 in a random order (Fisher-Yates).
std::vector<std::int64_t> permutation(std::int64_t count, Random random);

} // namespace torchdesk
