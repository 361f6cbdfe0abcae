// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/engine.h"

#include <filesystem>
#include <functional>
#include <vector>

namespace torchdesk {

/// A class with the probability that the network gives it.
struct RankedClass
{
    std::size_t index = 0;
    double probability = 0; ///< 0 … 1

    bool operator==(const RankedClass&) const = default;
};

/// The likeliest classes, the likeliest first; equal ones in the order of the classes.
std::vector<RankedClass> ranked(const std::vector<float>& probabilities, std::size_t most);

/// What a network says of one picture, or why it could not look at it.
struct PicturePrediction
{
    static constexpr std::size_t mostClasses = 3;

    std::filesystem::path file;
    std::vector<RankedClass> top; ///< at most mostClasses; empty where there is a problem
    std::string problem;          ///< a sentence that names the file; "" where there is none

    bool operator==(const PicturePrediction&) const = default;
};

/// Takes a few predictions at a time, in the order of the files. Called from the thread that predicts.
using PredictionSink = std::function<void(std::vector<PicturePrediction>)>;

/// Looks at all \p files, prepared as the run's own data was. Decodes on all cores, a few dozen pictures at a
/// time, so memory does not grow with their number. A picture that cannot be read is a prediction with a
/// problem. Blocks; \p stop ends it between two groups with ErrorKind::Cancelled.
Expected<void> predictPictures(Predictor& predictor, const Preprocessing& preprocessing,
                               const std::vector<std::filesystem::path>& files, const PredictionSink& sink,
                               std::stop_token stop = {});

/// The name of a class; its number where it has none.
std::string className(const std::vector<std::string>& classes, std::size_t index);

/// RFC 4180 (lines end with CR LF, UTF-8): file, class, probability, then the second and the third class, and
/// the problem. Paths stand as the caller gave them.
std::string predictionsCsv(const std::vector<PicturePrediction>& predictions,
                           const std::vector<std::string>& classes);

} // namespace torchdesk
