// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/philox.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

/// Classes of unequal size: how uneven they are, and the two ways to make up for it. Pure functions, any
/// thread.
namespace torchdesk {

/// How often each of \p classes labels stands among the samples at \p indices; a label outside of them is not
/// counted.
std::vector<std::int64_t> classCounts(std::span<const std::int64_t> labels,
                                      std::span<const std::int64_t> indices, std::size_t classes);

/// The largest and the smallest of the classes that have samples.
struct ClassImbalance
{
    std::size_t largest = 0; ///< a label
    std::size_t smallest = 0;
    std::int64_t mostSamples = 0;
    std::int64_t fewestSamples = 0;

    bool operator==(const ClassImbalance&) const = default;
};

/// Classes are called uneven where the largest has at least so many times the samples of the smallest.
inline constexpr std::int64_t unevenRatio = 3;

/// nullopt where the classes are about even. A class without samples does not count: nothing balances it.
std::optional<ClassImbalance> findImbalance(std::span<const std::int64_t> counts);

/// "The classes are uneven: 'benign' has 5,000 training samples, 'rare' 120. class_balance=weights or
/// class_balance=sampling makes up for that." \p classes: their names, in the order of the labels.
std::string imbalanceText(const ClassImbalance& imbalance, const std::vector<std::string>& classes);

/// What a sample of each class counts: w_c = n / (K · n_c), n samples in the K classes that have any, n_c of
/// them in class c: scikit-learn's class_weight="balanced" (after King and Zeng, "Logistic regression in rare
/// events data", 2001). The mean over the samples is 1, so the learning rate keeps its meaning. A class
/// without samples gets 0: no sample asks for it, and label smoothing does not pull towards it.
std::vector<double> balancedWeights(std::span<const std::int64_t> counts);

/// As many indices as \p samples, in the order of \p epoch: each class that has samples comes equally often
/// (one time more for those that the rest falls to, drawn each epoch), its samples drawn with replacement.
/// Follows from (seed, Purpose::Balance, epoch) alone. \p labels: of the whole store, into which \p samples
/// are indices.
std::vector<std::int64_t> balancedOrder(std::span<const std::int64_t> labels,
                                        std::span<const std::int64_t> samples, std::size_t classes,
                                        std::uint64_t seed, std::uint64_t epoch);

} // namespace torchdesk
