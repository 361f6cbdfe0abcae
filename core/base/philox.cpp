// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/philox.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace torchdesk {

namespace {

// The constants of the paper: two multipliers, two Weyl increments of the key.
constexpr std::uint64_t multiplier0 = 0xD2511F53;
constexpr std::uint64_t multiplier1 = 0xCD9E8D57;
constexpr std::uint32_t weyl0 = 0x9E3779B9;
constexpr std::uint32_t weyl1 = 0xBB67AE85;

} // namespace

PhiloxBlock philox(PhiloxBlock counter, std::array<std::uint32_t, 2> key)
{
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t product0 = multiplier0 * counter[0];
        const std::uint64_t product1 = multiplier1 * counter[2];
        counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
                   static_cast<std::uint32_t>(product1),
                   static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
                   static_cast<std::uint32_t>(product0)};
        key[0] += weyl0;
        key[1] += weyl1;
    }
    return counter;
}

// Counter words: running number, index, epoch or step, its upper bits with the purpose. Key: the seed.
Random::Random(std::uint64_t seed, Purpose purpose, std::uint64_t epochOrStep, std::uint32_t index)
    : m_key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      m_counter{0, index, static_cast<std::uint32_t>(epochOrStep),
                (static_cast<std::uint32_t>(purpose) << 24) ^ static_cast<std::uint32_t>(epochOrStep >> 32)}
{}

std::uint32_t Random::next()
{
    if (m_used == 4) {
        m_block = philox(m_counter, m_key);
        ++m_counter[0];
        m_used = 0;
    }
    return m_block[static_cast<std::size_t>(m_used++)];
}

std::uint64_t Random::next64()
{
    const std::uint64_t low = next();
    return low | (static_cast<std::uint64_t>(next()) << 32);
}

std::uint32_t Random::below(std::uint32_t bound)
{
    std::uint64_t product = static_cast<std::uint64_t>(next()) * bound;
    if (static_cast<std::uint32_t>(product) < bound) {
        const std::uint32_t threshold = (0u - bound) % bound;
        while (static_cast<std::uint32_t>(product) < threshold)
            product = static_cast<std::uint64_t>(next()) * bound;
    }
    return static_cast<std::uint32_t>(product >> 32);
}

float Random::uniform()
{
    return static_cast<float>(next() >> 8) * 0x1p-24f;
}

double Random::uniformDouble()
{
    return static_cast<double>(next64() >> 11) * 0x1p-53;
}

double Random::normal()
{
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniformDouble()));
    return radius * std::cos(2.0 * std::numbers::pi * uniformDouble());
}

std::vector<std::int64_t> permutation(std::int64_t count, Random random)
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    for (std::int64_t left = count; left > 1; --left) {
        const auto chosen = random.below(static_cast<std::uint32_t>(left));
        std::swap(order[static_cast<std::size_t>(left - 1)], order[chosen]);
    }
    return order;
}

} // namespace torchdesk
