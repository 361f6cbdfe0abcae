// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <functional>
#include <span>

/// The layers that models are made of. To add one: its description in the family's file under
/// core/model/layers/ and its torch module in the file of the same name under core/engine/layers/.
namespace torchdesk {

struct AttributeSpec
{
    enum class Kind
    {
        Integer,
        Real,
        Boolean,
        Text,
        Pair
    }; ///< Pair: one whole number for both axes, or [rows, columns]
    std::string name;
    Kind kind = Kind::Integer;
    std::optional<Attribute> byDefault; ///< nullopt: required
    double least = 0;
    double most = 1e9;
    std::vector<std::string> words = {}; ///< Text: those allowed
};

/// What core knows of a kind of layer. All functions are pure; \p node arrives with name, kind and
/// attributes.
struct LayerSpec
{
    std::string kind;
    std::vector<AttributeSpec> attributes;
    /// Fills output, parameters and multiplyAdds for one input of this shape; an error tells why it does not
    /// fit
    /// ("a window of 5×5 does not fit an input of 6×3×3").
    std::function<Expected<void>(LoweredNode& node, const Shape& input)> infer;
    /// The same in place of infer for a kind that takes two or more inputs.
    std::function<Expected<void>(LoweredNode& node, std::span<const Shape> inputs)> merge;
    /// "conv2d 6, 5×5"
    std::function<std::string(const LoweredNode& node)> summary;
    /// For the generated model.py: the constructor ("nn.Conv2d(1, 6, kernel_size=(5, 5))").
    std::function<std::string(const LoweredNode& node, const Shape& input)> python;
    /// In place of python for what is no module: the expression of \p inputs ("x1 + x2").
    std::function<std::string(const LoweredNode& node, const Shape& input,
                              std::span<const std::string> inputs)>
        expression;
    /// Between the row before and the summary where the layer has no row of its own in the layer table (" + "
    /// for "conv2d 6, 5×5 + relu"); empty where it has one.
    std::string joint = {};
};

std::span<const LayerSpec> layerSpecs();
const LayerSpec* findLayer(std::string_view kind);

} // namespace torchdesk
