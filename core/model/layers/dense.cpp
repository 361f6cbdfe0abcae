// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/model/layers/families.h"
#include "core/model/layers/support.h"

#include <fmt/format.h>

namespace torchdesk {

using namespace layers;

namespace {

Expected<void> inferLinear(LoweredNode& node, const Shape& input)
{
    if (input.size() != 1)
        return failure(ErrorKind::InvalidInput,
                       fmt::format("found an input of {}, wanted a flat one: put a flatten before it",
                                   shapeText(input)));
    const std::int64_t features = node.attribute<std::int64_t>("features");
    node.output = {features};
    node.multiplyAdds = product({input[0], features});
    addWeightAndBias(node, {features, input[0]}, input[0], features);
    return {};
}

std::string summaryOfLinear(const LoweredNode& node)
{
    const std::string text = fmt::format("linear {}", node.attribute<std::int64_t>("features"));
    return node.attribute<bool>("bias") ? text : text + ", no bias";
}

std::string pythonOfLinear(const LoweredNode& node, const Shape& input)
{
    return fmt::format("nn.Linear({}, {}{})", input[0], node.attribute<std::int64_t>("features"),
                       node.attribute<bool>("bias") ? "" : ", bias=False");
}

Expected<void> inferFlatten(LoweredNode& node, const Shape& input)
{
    node.output = {product(input)};
    return {};
}

LayerSpec linearLayer()
{
    LayerSpec linear;
    linear.kind = "linear";
    linear.attributes = {integer("features", 1, 1e9), boolean("bias", true), initialisation()};
    linear.infer = inferLinear;
    linear.summary = summaryOfLinear;
    linear.python = pythonOfLinear;
    return linear;
}

LayerSpec flattenLayer()
{
    LayerSpec flatten;
    flatten.kind = "flatten";
    flatten.infer = inferFlatten;
    flatten.summary = [](const LoweredNode&) { return std::string("flatten"); };
    flatten.python = [](const LoweredNode&, const Shape&) { return std::string("nn.Flatten()"); };
    flatten.joint = ", ";
    return flatten;
}

} // namespace

std::vector<LayerSpec> denseLayers()
{
    return {linearLayer(), flattenLayer()};
}

} // namespace torchdesk
