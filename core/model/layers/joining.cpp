// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/model/layers/families.h"
#include "core/model/layers/support.h"

#include <algorithm>
#include <fmt/format.h>

namespace torchdesk {

namespace {

std::string shapesText(std::span<const Shape> shapes)
{
    std::vector<std::string> texts;
    for (const Shape& shape : shapes)
        texts.push_back(shapeText(shape));
    return joined(texts, " and ");
}

Expected<void> mergeSum(LoweredNode& node, std::span<const Shape> inputs)
{
    if (std::any_of(inputs.begin(), inputs.end(), [&](const Shape& shape) { return shape != inputs[0]; }))
        return failure(
            ErrorKind::InvalidInput,
            fmt::format("found {} to add up, wanted equal shapes: give the residual a shortcut that "
                        "makes them so",
                        shapesText(inputs)));
    node.output = inputs[0];
    return {};
}

/// Along the channels.
Expected<void> mergeChannels(LoweredNode& node, std::span<const Shape> inputs)
{
    node.output = inputs[0];
    for (const Shape& shape : inputs.subspan(1)) {
        const bool fits = !shape.empty() && shape.size() == inputs[0].size() &&
                          std::equal(shape.begin() + 1, shape.end(), inputs[0].begin() + 1);
        if (!fits || __builtin_add_overflow(node.output[0], shape[0], &node.output[0]))
            return failure(
                ErrorKind::InvalidInput,
                fmt::format("found {} to put together, wanted shapes that differ in their channels "
                            "only",
                            shapesText(inputs)));
    }
    return {};
}

LayerSpec joining(const std::string& kind, Expected<void> (*merge)(LoweredNode&, std::span<const Shape>),
                  const std::string& begin, const std::string& between, const std::string& end)
{
    LayerSpec spec;
    spec.kind = kind;
    spec.merge = merge;
    spec.summary = [kind](const LoweredNode&) { return kind; };
    spec.expression = [=](const LoweredNode&, const Shape&, std::span<const std::string> inputs) {
        return begin + joined({inputs.begin(), inputs.end()}, between) + end;
    };
    return spec;
}

} // namespace

/// What residual and concat are lowered to.
std::vector<LayerSpec> joiningLayers()
{
    return {joining("add", mergeSum, "", " + ", ""),
            joining("concat", mergeChannels, "torch.cat((", ", ", "), dim=1)")};
}

} // namespace torchdesk
