// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/layers.h"

/// What the descriptions of several layers share.
namespace torchdesk::layers {

using Pair = std::vector<std::int64_t>; ///< rows, columns

AttributeSpec integer(std::string name, double least, double most, std::optional<Attribute> byDefault = {});
AttributeSpec pair(std::string name, double least, double most, std::optional<Attribute> byDefault = {});
AttributeSpec real(std::string name, double least, double most, double byDefault);
AttributeSpec boolean(std::string name, bool byDefault);
/// "initialisation": "glorot" (Keras), "kaiming" (PyTorch, the default), "kaiming_normal" (torchvision's
/// convolutions), "kaiming_normal_in" (those of ResNets for CIFAR) or "normal" (the last layer of
/// torchvision's MobileNetV2).
AttributeSpec initialisation();

/// The product, or the largest whole number where it overflows: the limits of a model then refuse it.
std::int64_t product(const Shape& sizes);

/// "5" or "5×3", and the same for Python: "5" or "(5, 3)".
std::string briefPair(const Pair& pair);
std::string pythonPair(const Pair& pair);

/// Output of a window that moves over {channels, rows, columns}; the channels stay.
Expected<Shape> windowed(const Shape& input, const Pair& kernel, const Pair& stride, const Pair& padding);

/// Weight and, where the node's "bias" says so, bias: as "initialisation" says.
void addWeightAndBias(LoweredNode& node, Shape weight, std::int64_t fanIn, std::int64_t fanOut);

/// For layers that leave the shape as it is.
Expected<void> keepShape(LoweredNode& node, const Shape& input);

} // namespace torchdesk::layers
