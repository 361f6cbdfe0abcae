// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/model/tensor.h"

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace torchdesk {

/// One node of a model file, before it is lowered: a leaf layer ("conv2d" …) or a composite: "sequential"
/// (its layers), "residual" (body and, where there is one, shortcut), "concat" (branches), "block" (no
/// children: the block's own are taken).
struct ModelNode
{
    std::string kind;
    std::string name; ///< as parameters are named after it: "conv1"; "" where the file gives none
    /// Everything else of a leaf, checked by the layer's description; "repeat" of a sequential, "use" and
    /// "with" of a block.
    Json attributes = Json::object();
    std::vector<ModelNode> children;
    std::string path; ///< where it stands in the file: "body.layers[3]"; for messages

    bool operator==(const ModelNode&) const = default;
};

/// Layers under a name, to be used more than once.
struct ModelBlock
{
    std::map<std::string, std::optional<std::int64_t>>
        arguments; ///< with their defaults; nullopt: must be given
    ModelNode body;

    bool operator==(const ModelBlock&) const = default;
};

/// A model file (models/README.md describes the format).
struct ModelFile
{
    std::string name;         ///< "lenet": the file's name without .json
    std::string label;        ///< "LeNet (Keras form)"
    std::string help;         ///< one sentence for the form
    Shape input;              ///< the input that it was made for: {1, 28, 28}
    std::int64_t classes = 0; ///< the classes that it was made for
    std::map<std::string, ModelBlock> blocks;
    ModelNode body;
    Json source;        ///< the file as it was read
    std::string origin; ///< what messages call the file: "lenet.json", or its path

    bool operator==(const ModelFile&) const = default;
};

/// Checks names, kinds and nesting (at most 32 levels, 10,000 nodes). \p source names the file in messages.
Expected<ModelFile> modelFromJson(const Json& json, const std::string& name, const std::string& source);
Expected<ModelFile> readModel(const std::string& file);

/// How a parameter begins, as the reference implementation does it.
enum class Initialisation
{
    GlorotUniform,  ///< U(-a, a), a = sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010); Keras' default
    KaimingUniform, ///< U(-a, a), a = 1 / sqrt(fanIn): PyTorch's default for conv and linear
    FanInUniform,   ///< U(-a, a), a = 1 / sqrt(fanIn), fanIn of the weight: PyTorch's default for a bias
    KaimingNormal,  ///< N(0, 2 / fanOut) (He et al. 2015, mode "fan_out"): torchvision's convolutions
    FanInNormal,    ///< N(0, 2 / fanIn) (He et al. 2015): what PyTorch's users give a ResNet for CIFAR
    SmallNormal,    ///< N(0, 0.01²): the last layer of torchvision's MobileNetV2
    Zeros,
    Ones,
};

struct ParameterSpec
{
    std::string name; ///< "conv1.weight"
    Shape shape;
    Initialisation initialisation = Initialisation::Zeros;
    std::int64_t fanIn = 0;
    std::int64_t fanOut = 0;
    bool trainable = true; ///< false: kept with the weights, but moved by no optimizer (running mean …)

    bool operator==(const ParameterSpec&) const = default;
};

using Attribute = std::variant<std::int64_t, double, bool, std::string, std::vector<std::int64_t>>;

/// One layer of the lowered model. Node 0 is the input (kind "input"); every other node comes after its
/// inputs.
struct LoweredNode
{
    std::string name; ///< unique; the prefix of its parameters: "conv1", "layer1.0.conv1" (models/README.md)
    std::string kind;
    std::vector<int> inputs;                     ///< indices of nodes
    Shape output;                                ///< without the batch
    std::map<std::string, Attribute> attributes; ///< every attribute of the kind, defaults filled in
    std::vector<ParameterSpec> parameters;
    std::int64_t multiplyAdds = 0; ///< for one sample, forward; bias and comparisons not counted

    bool operator==(const LoweredNode&) const = default;

    /// The attribute, which the layer's description guarantees to be there with this type.
    template <class T>
    const T& attribute(const std::string& key) const
    {
        return std::get<T>(attributes.at(key));
    }
};

/// The flat form of a model that every walk uses (torch module, layer table, diagram, model.py …).
struct LoweredModel
{
    std::string name;
    std::string label;
    Shape input; ///< {channels, height, width}
    std::int64_t classes = 0;
    std::vector<LoweredNode> nodes;

    std::int64_t parameterCount() const; ///< of those that are trained
    std::int64_t multiplyAdds() const;
    bool operator==(const LoweredModel&) const = default;
};

/// The lowered model as JSON, so that a run can be used when models/ has changed (model.json of a run), and
/// back.
Json toJson(const LoweredModel& model);
Expected<LoweredModel> loweredFromJson(const Json& json, const std::string& source);

/// Resolves the tree for data of shape \p input with \p classes classes: shapes, parameters, costs. An
/// unknown layer, an unknown or missing attribute or a shape that does not fit is an error with the file, the
/// path and the reason.
Expected<LoweredModel> lower(const ModelFile& file, const Shape& input, std::int64_t classes);

/// One row of the layer table as people read it: a layer with parameters together with the activation,
/// pooling or dropout that follows is still one row each node; grouping is the view's.
struct LayerRow
{
    std::string name;
    std::string kind;
    std::string summary; ///< "conv2d 6, 5×5"
    Shape output;
    std::int64_t parameters = 0;
    std::int64_t multiplyAdds = 0;

    bool operator==(const LayerRow&) const = default;
};

/// Rows as in design: what follows a layer without parameters of its own ("relu", "dropout .5", "flatten") is
/// joined to the row before it: "conv2d 6, 5×5 + relu".
std::vector<LayerRow> layerTable(const LoweredModel& model);

} // namespace torchdesk
