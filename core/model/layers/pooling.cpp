// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/model/layers/families.h"
#include "core/model/layers/support.h"

#include <fmt/format.h>

namespace torchdesk {

using namespace layers;

namespace {

/// A stride that the file leaves out is the kernel: windows side by side.
const Pair asKernel = {};

Expected<void> inferPool(LoweredNode& node, const Shape& input)
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

/// The kernel, and stride and padding where they are not what one expects, in words and in Python.
std::string windowText(const LoweredNode& node, bool python)
{
    const auto text = [python](const Pair& pair) { return python ? pythonPair(pair) : briefPair(pair); };
    const char* between = python ? "=" : " ";
    const auto& kernel = node.attribute<Pair>("kernel");
    std::string all = text(kernel);
    if (const auto& stride = node.attribute<Pair>("stride"); stride != kernel)
        all += fmt::format(", stride{}{}", between, text(stride));
    if (const auto& padding = node.attribute<Pair>("padding"); padding != Pair{0, 0})
        all += fmt::format(", padding{}{}", between, text(padding));
    return all;
}

LayerSpec windowPool(const std::string& kind, const std::string& words, const std::string& python)
{
    LayerSpec pool;
    pool.kind = kind;
    pool.attributes = {pair("kernel", 1, 1e6), pair("stride", 1, 1e6, asKernel),
                       pair("padding", 0, 1e6, Pair{0, 0})};
    pool.infer = inferPool;
    pool.summary = [words](const LoweredNode& node) { return words + " " + windowText(node, false); };
    pool.python = [python](const LoweredNode& node, const Shape&) {
        return fmt::format("{}({})", python, windowText(node, true));
    };
    return pool;
}

Expected<void> wantPlanes(const Shape& input)
{
    const auto planes = windowed(input, {1, 1}, {1, 1}, {0, 0});
    return planes ? Expected<void>() : failure(planes);
}

/// The mean of areas that together make up the whole, of an output of this size whatever the input's is.
LayerSpec adaptivePool()
{
    LayerSpec pool;
    pool.kind = "adaptiveavgpool2d";
    pool.attributes = {pair("size", 1, 1e6, Pair{1, 1})};
    pool.infer = [](LoweredNode& node, const Shape& input) {
        const auto& size = node.attribute<Pair>("size");
        node.output = {input.empty() ? 0 : input[0], size[0], size[1]};
        return wantPlanes(input);
    };
    pool.summary = [](const LoweredNode& node) {
        return "average-pool to " + shapeText(node.attribute<Pair>("size"));
    };
    pool.python = [](const LoweredNode& node, const Shape&) {
        return fmt::format("nn.AdaptiveAvgPool2d({})", pythonPair(node.attribute<Pair>("size")));
    };
    return pool;
}

/// Every stride-th row and column, with channels of zeros before and behind: the shortcut without parameters
/// of He et al. 2016 ("option A").
LayerSpec subsample()
{
    const auto added = [](const LoweredNode& node, const Shape& input) {
        const std::int64_t more = node.attribute<std::int64_t>("channels") - input[0];
        return std::pair{more / 2, more - more / 2};
    };
    LayerSpec spec;
    spec.kind = "subsample";
    spec.attributes = {pair("stride", 1, 1e6, Pair{1, 1}), integer("channels", 1, 1e9)};
    spec.infer = [](LoweredNode& node, const Shape& input) -> Expected<void> {
        auto output = windowed(input, {1, 1}, node.attribute<Pair>("stride"), {0, 0});
        if (!output)
            return failure(output);
        (*output)[0] = node.attribute<std::int64_t>("channels");
        if ((*output)[0] < input[0])
            return failure(ErrorKind::InvalidInput,
                           fmt::format("found {} channels, wanted at least the {} of the input", (*output)[0],
                                       input[0]));
        node.output = *output;
        return {};
    };
    spec.summary = [](const LoweredNode& node) {
        return fmt::format("subsample {}, {} channels", briefPair(node.attribute<Pair>("stride")),
                           node.attribute<std::int64_t>("channels"));
    };
    spec.expression = [added](const LoweredNode& node, const Shape& input,
                              std::span<const std::string> inputs) {
        const auto& stride = node.attribute<Pair>("stride");
        const auto [before, behind] = added(node, input);
        return fmt::format("nn.functional.pad({}[:, :, ::{}, ::{}], (0, 0, 0, 0, {}, {}))", inputs[0],
                           stride[0], stride[1], before, behind);
    };
    return spec;
}

} // namespace

std::vector<LayerSpec> poolingLayers()
{
    return {windowPool("maxpool2d", "max-pool", "nn.MaxPool2d"),
            windowPool("avgpool2d", "average-pool", "nn.AvgPool2d"), adaptivePool(), subsample()};
}

} // namespace torchdesk
