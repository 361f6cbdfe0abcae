// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/model/layers/families.h"
#include "core/model/layers/support.h"

#include <fmt/format.h>

namespace torchdesk {

using namespace layers;

namespace {

Expected<void> inferConvolution(LoweredNode& node, const Shape& input)
{
    const auto& kernel = node.attribute<Pair>("kernel");
    auto output = windowed(input, kernel, node.attribute<Pair>("stride"), node.attribute<Pair>("padding"));
    if (!output)
        return failure(output);
    const std::int64_t filters = node.attribute<std::int64_t>("filters");
    const std::int64_t groups = node.attribute<std::int64_t>("groups");
    if (input[0] % groups != 0 || filters % groups != 0)
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("found {} groups, wanted a number that divides the {} channels of the input "
                        "and the {} filters",
                        groups, input[0], filters));
    (*output)[0] = filters;
    const Shape window = {input[0] / groups, kernel[0], kernel[1]};
    const Shape weight = {filters, window[0], kernel[0], kernel[1]};
    node.output = *output;
    node.multiplyAdds = product({product(*output), product(window)});
    addWeightAndBias(node, weight, product(window), product({filters, kernel[0], kernel[1]}));
    return {};
}

std::string summaryOfConvolution(const LoweredNode& node)
{
    std::string text = fmt::format("conv2d {}, {}", node.attribute<std::int64_t>("filters"),
                                   shapeText(node.attribute<Pair>("kernel")));
    if (const auto& stride = node.attribute<Pair>("stride"); stride != Pair{1, 1})
        text += ", stride " + briefPair(stride);
    if (const auto& padding = node.attribute<Pair>("padding"); padding != Pair{0, 0})
        text += ", padding " + briefPair(padding);
    if (const auto groups = node.attribute<std::int64_t>("groups"); groups != 1)
        text += fmt::format(", {} groups", groups);
    return node.attribute<bool>("bias") ? text : text + ", no bias";
}

std::string pythonOfConvolution(const LoweredNode& node, const Shape& input)
{
    std::string text =
        fmt::format("nn.Conv2d({}, {}, kernel_size={}", input[0], node.attribute<std::int64_t>("filters"),
                    pythonPair(node.attribute<Pair>("kernel")));
    if (const auto& stride = node.attribute<Pair>("stride"); stride != Pair{1, 1})
        text += ", stride=" + pythonPair(stride);
    if (const auto& padding = node.attribute<Pair>("padding"); padding != Pair{0, 0})
        text += ", padding=" + pythonPair(padding);
    if (const auto groups = node.attribute<std::int64_t>("groups"); groups != 1)
        text += fmt::format(", groups={}", groups);
    return text + (node.attribute<bool>("bias") ? ")" : ", bias=False)");
}

} // namespace

std::vector<LayerSpec> convolutionLayers()
{
    LayerSpec conv2d;
    conv2d.kind = "conv2d";
    conv2d.attributes = {integer("filters", 1, 1e9),
                         pair("kernel", 1, 1e6),
                         pair("stride", 1, 1e6, Pair{1, 1}),
                         pair("padding", 0, 1e6, Pair{0, 0}),
                         integer("groups", 1, 1e9, std::int64_t{1}),
                         boolean("bias", true),
                         initialisation()};
    conv2d.infer = inferConvolution;
    conv2d.summary = summaryOfConvolution;
    conv2d.python = pythonOfConvolution;
    return {conv2d};
}

} // namespace torchdesk
