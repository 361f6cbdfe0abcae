// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layers/families.h"
#include "core/model/layers/support.h"

#include <fmt/format.h>

namespace torchdesk {

using namespace layers;

namespace {

/// A stride that the file leaves out is the kernel: windows side by side.
const Pair asKernel = {};

Expected<void> inferMaxPool(LoweredNode& node, const Shape& input)
{
    const auto& kernel = node.attribute<Pair>("kernel");
    if (node.attribute<Pair>("stride") == asKernel)
        node.attributes["stride"] = kernel;
    const auto& padding = node.attribute<Pair>("padding");
    // PyTorch's own rule; more would make windows that hold nothing but padding.
    if (2 * padding[0] > kernel[0] || 2 * padding[1] > kernel[1])
        return failure(ErrorKind::InvalidInput,
                       fmt::format("a padding of {} is more than half of the window of {}",
                                   briefPair(padding), briefPair(kernel)));
    const auto output = windowed(input, kernel, node.attribute<Pair>("stride"), padding);
    if (!output)
        return failure(output);
    node.output = *output;
    return {};
}

std::string summaryOfMaxPool(const LoweredNode& node)
{
    const auto& kernel = node.attribute<Pair>("kernel");
    std::string text = "max-pool " + briefPair(kernel);
    if (const auto& stride = node.attribute<Pair>("stride"); stride != kernel)
        text += ", stride " + briefPair(stride);
    if (const auto& padding = node.attribute<Pair>("padding"); padding != Pair{0, 0})
        text += ", padding " + briefPair(padding);
    return text;
}

std::string pythonOfMaxPool(const LoweredNode& node, const Shape&)
{
    const auto& kernel = node.attribute<Pair>("kernel");
    std::string text = "nn.MaxPool2d(" + pythonPair(kernel);
    if (const auto& stride = node.attribute<Pair>("stride"); stride != kernel)
        text += ", stride=" + pythonPair(stride);
    if (const auto& padding = node.attribute<Pair>("padding"); padding != Pair{0, 0})
        text += ", padding=" + pythonPair(padding);
    return text + ")";
}

} // namespace

std::vector<LayerSpec> poolingLayers()
{
    LayerSpec maxPool;
    maxPool.kind = "maxpool2d";
    maxPool.attributes = {pair("kernel", 1, 1e6), pair("stride", 1, 1e6, asKernel),
                          pair("padding", 0, 1e6, Pair{0, 0})};
    maxPool.infer = inferMaxPool;
    maxPool.summary = summaryOfMaxPool;
    maxPool.python = pythonOfMaxPool;
    return {maxPool};
}

} // namespace torchdesk
