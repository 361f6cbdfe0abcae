// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/graphbuilder.h"

#include "core/base/text.h"
#include "core/model/names.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

/// Beyond any machine of today, and far enough from 2^63 that sums over 10,000 nodes cannot overflow.
constexpr std::int64_t mostElements = std::int64_t{1} << 40;
constexpr std::int64_t mostMultiplyAdds = std::int64_t{1} << 48;
constexpr std::size_t mostLoweredNodes = 10'001;

std::string tooLarge(const std::string& what, const Shape& shape)
{
    return fmt::format("{} of {} is too large: at most 2^40 elements are possible", what, shapeText(shape));
}

bool withinElements(const Shape& shape)
{
    return elementCount(shape).value_or(mostElements + 1) <= mostElements;
}

} // namespace

GraphBuilder::GraphBuilder(std::string source, std::string name, std::string label)
    : m_source(std::move(source))
{
    m_model.name = std::move(name);
    m_model.label = std::move(label);
}

Expected<void> GraphBuilder::begin(const Shape& input, std::int64_t classes)
{
    const auto positive = [](std::int64_t size) { return size >= 1; };
    if (input.size() != 3 || !std::all_of(input.begin(), input.end(), positive))
        return refuse("input", fmt::format("found {}, wanted channels×rows×columns, each at least 1",
                                           shapeText(input)));
    if (!withinElements(input))
        return refuse("input", tooLarge("an input", input));
    if (classes < 1)
        return refuse("classes", fmt::format("found {}, wanted at least 1", classes));
    m_model.input = input;
    m_model.classes = classes;
    LoweredNode node;
    node.name = node.kind = "input";
    node.output = input;
    m_model.nodes = {std::move(node)};
    return {};
}

Expected<int> GraphBuilder::add(LoweredNode node, const std::string& path)
{
    const LayerSpec* spec = findLayer(node.kind);
    if (!spec)
        return refuse(path, fmt::format("found an unknown layer {}, wanted {}", shown(Json(node.kind)),
                                        wantedKind(node.kind)));
    if (m_model.nodes.size() >= mostLoweredNodes)
        return refuse(path,
                      fmt::format("found more nodes, wanted at most {} in a model", mostLoweredNodes - 1));
    if (const auto named = checkName(node, path); !named)
        return failure(named);
    const auto known = [this](int index) {
        return index >= 0 && index < static_cast<int>(m_model.nodes.size());
    };
    const bool enough = spec->merge ? node.inputs.size() >= 2 : node.inputs.size() == 1;
    if (!enough || !std::all_of(node.inputs.begin(), node.inputs.end(), known))
        return refuse(path, fmt::format("found inputs that do not come before it, wanted {}",
                                        spec->merge ? "two or more earlier nodes" : "one earlier node"));
    if (const auto inferred = infer(*spec, node); !inferred)
        return refuse(path, inferred.error().message);
    if (const auto limited = checkLimits(node, path); !limited)
        return failure(limited);
    m_model.nodes.push_back(std::move(node));
    return static_cast<int>(m_model.nodes.size()) - 1;
}

Expected<void> GraphBuilder::infer(const LayerSpec& spec, LoweredNode& node) const
{
    if (!spec.merge)
        return spec.infer(node, this->node(node.inputs[0]).output);
    std::vector<Shape> inputs;
    for (const int input : node.inputs)
        inputs.push_back(this->node(input).output);
    return spec.merge(node, inputs);
}

Expected<LoweredModel> GraphBuilder::finish()
{
    const Shape& output = m_model.nodes.back().output;
    if (output != Shape{m_model.classes})
        return refuse(
            "the last layer",
            fmt::format("found an output of {}, wanted {}, one logit for each class: end with a linear layer "
                        "whose features are \"classes\"",
                        shapeText(output), m_model.classes));
    return std::move(m_model);
}

Expected<void> GraphBuilder::checkName(const LoweredNode& node, const std::string& path)
{
    if (const std::string wanted = wantedPath(node.name); !wanted.empty())
        return refuse(path + ".name", fmt::format("found {}, wanted {}", shown(Json(node.name)), wanted));
    if (!m_names.insert(node.name).second)
        return refuse(path + ".name",
                      fmt::format("found \"{}\", wanted a name that no other layer has", node.name));
    // "stem" and "stem.0": one would be a layer and a container at once.
    const auto inside = m_names.lower_bound(node.name + ".");
    bool clashes = inside != m_names.end() && inside->starts_with(node.name + ".");
    for (std::size_t dot = node.name.find('.'); dot != std::string::npos; dot = node.name.find('.', dot + 1))
        clashes = clashes || m_names.contains(node.name.substr(0, dot));
    if (clashes)
        return refuse(path + ".name",
                      fmt::format("found \"{}\", wanted a name that does not begin as another "
                                  "layer's whole name",
                                  node.name));
    return {};
}

Expected<void> GraphBuilder::checkLimits(const LoweredNode& node, const std::string& path)
{
    if (!withinElements(node.output))
        return refuse(path, tooLarge("an output", node.output));
    for (const ParameterSpec& parameter : node.parameters) {
        if (!withinElements(parameter.shape))
            return refuse(path, tooLarge("a parameter", parameter.shape));
        m_parameters += *elementCount(parameter.shape);
        if (m_parameters > mostElements)
            return refuse(path, "the model is too large: at most 2^40 parameters are possible");
    }
    if (node.multiplyAdds > mostMultiplyAdds)
        return refuse(path, "the layer is too large: at most 2^48 multiply-adds are possible");
    return {};
}

tl::unexpected<Error> GraphBuilder::refuse(const std::string& path, const std::string& why) const
{
    return failure(ErrorKind::InvalidInput, fmt::format("{}: {}: {}.", m_source, path, why));
}

} // namespace torchdesk
