// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <optional>

namespace torchdesk {

/// Tensors of another origin beside the parameters of a model.
struct WeightMatch
{
    std::vector<NamedTensor> matched; ///< under the model's names, float32
    std::string newHead; ///< the layer that begins anew, as it was made for other classes; "" where it fits
    std::vector<std::string> missing;    ///< parameters of the model that the file does not have
    std::vector<std::string> otherShape; ///< "conv1.weight is 64×3×7×7, wanted 64×1×7×7"
    std::vector<std::string> leftOver;   ///< tensors of the file that the model has no place for
    std::string prefix;                  ///< taken off every name: "module."
    std::int64_t wanted = 0;             ///< parameters of the model, with those that no optimizer moves

    /// Nothing but the head may be missing or of another shape.
    bool fits() const { return missing.empty() && otherShape.empty(); }
    /// It fits, and something was found.
    bool startsTraining() const { return fits() && !matched.empty(); }
};

/// Puts tensors and parameters together by name. A prefix that every name has ("module." of DataParallel,
/// "_orig_mod." of torch.compile) is taken off; counts of batches ("num_batches_tracked") are passed over;
/// half, bfloat16 and double become float. The head (see headNode()) begins anew where its tensors are
/// missing or have another shape.
WeightMatch matchWeights(const LoweredModel& model, const std::vector<NamedTensor>& tensors);

/// The index of the last layer with parameters, where it gives one value a class; else nullopt.
std::optional<int> headNode(const LoweredModel& model);

/// "102 of 102 tensors matched", "100 of 102 tensors matched, fc is new for 2 classes, 1 left over
/// (aux.weight)".
std::string matchSummary(const WeightMatch& match, const LoweredModel& model);
/// What does not fit, with its first names: "conv1.weight is 64×3×7×7, wanted 64×1×7×7; layer1.0.conv1.weight
/// is missing, and 12 more"; "" where everything does.
std::string matchTrouble(const WeightMatch& match);

/// The name under which torchvision publishes weights for a model of ours: "mobilenet_v2"; "" where it has
/// none.
std::string publishedAs(const std::string& model);

} // namespace torchdesk
