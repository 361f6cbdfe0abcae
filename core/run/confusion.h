// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace torchdesk {

/// How often samples of each class were taken for which class. A value. With TP, FP and FN the true
/// positives, false positives and false negatives of a class: precision TP / (TP + FP), recall TP / (TP +
/// FN), F1 2 TP / (2 TP + FP + FN), as in scikit-learn; nullopt where the divisor is 0.
class ConfusionMatrix
{
public:
    /// More would take more memory and disk than anybody can look at.
    static constexpr std::int64_t mostClasses = 1000;

    ConfusionMatrix() = default;
    explicit ConfusionMatrix(std::int64_t classes);
    /// \p counts: classes × classes, row by row; a row is the label, a column the answer.
    ConfusionMatrix(std::int64_t classes, std::vector<std::int64_t> counts);

    std::int64_t classes() const { return m_classes; }
    const std::vector<std::int64_t>& counts() const { return m_counts; }
    std::int64_t count(std::int64_t label, std::int64_t answer) const;
    void add(std::int64_t label, std::int64_t answer);
    std::int64_t samples() const;
    std::int64_t support(std::int64_t label) const;   ///< samples of the class: TP + FN
    std::int64_t answered(std::int64_t answer) const; ///< samples taken for the class: TP + FP

    std::optional<double> accuracy() const;
    std::optional<double> precision(std::int64_t label) const;
    std::optional<double> recall(std::int64_t label) const;
    std::optional<double> f1(std::int64_t label) const;
    /// The mean of F1 over the classes that have one.
    std::optional<double> meanF1() const;

    bool operator==(const ConfusionMatrix&) const = default;

private:
    std::int64_t m_classes = 0;
    std::vector<std::int64_t> m_counts;
};

/// {"format": 1, "classes": n, "counts": [[…], …]}, a row a label.
Json toJson(const ConfusionMatrix& matrix);
/// Errors name \p source and the row.
Expected<ConfusionMatrix> confusionFromJson(const Json& json, const std::string& source);

/// confusion.json of a run: the best weights on the test data, written at its end. Both block. A run that was
/// not tested, or is older, has none: ErrorKind::NotFound.
Expected<void> writeConfusion(const std::filesystem::path& run, const ConfusionMatrix& matrix);
Expected<ConfusionMatrix> readConfusion(const std::filesystem::path& run);

} // namespace torchdesk
