// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/model/layers/families.h"
#include "core/model/layers/support.h"

#include <fmt/format.h>

namespace torchdesk {

using namespace layers;

namespace {

constexpr double usualEpsilon = 1e-5; // PyTorch's
constexpr double usualMomentum = 0.1;

/// Ioffe and Szegedy 2015: (x - mean) / sqrt(variance + eps) · weight + bias, of each channel over the batch;
/// when nothing is learned with the running mean and variance.
Expected<void> inferBatchNorm(LoweredNode& node, const Shape& input)
{
    if (const auto planes = windowed(input, {1, 1}, {1, 1}, {0, 0}); !planes)
        return failure(planes);
    const auto parameter = [&](const char* name, Initialisation initialisation, bool trainable) {
        node.parameters.push_back(
            {fmt::format("{}.{}", node.name, name), {input[0]}, initialisation, 0, 0, trainable});
    };
    node.output = input;
    node.parameters.clear();
    parameter("weight", Initialisation::Ones, true);
    parameter("bias", Initialisation::Zeros, true);
    parameter("running_mean", Initialisation::Zeros, false);
    parameter("running_var", Initialisation::Ones, false);
    return {};
}

std::string pythonOfBatchNorm(const LoweredNode& node, const Shape& input)
{
    std::string text = fmt::format("nn.BatchNorm2d({}", input[0]);
    if (const double epsilon = node.attribute<double>("eps"); epsilon != usualEpsilon)
        text += ", eps=" + toText(epsilon);
    if (const double momentum = node.attribute<double>("momentum"); momentum != usualMomentum)
        text += ", momentum=" + toText(momentum);
    return text + ")";
}

} // namespace

std::vector<LayerSpec> normalisationLayers()
{
    LayerSpec batchNorm;
    batchNorm.kind = "batchnorm2d";
    batchNorm.attributes = {real("eps", 1e-12, 1, usualEpsilon), real("momentum", 0, 1, usualMomentum)};
    batchNorm.infer = inferBatchNorm;
    batchNorm.summary = [](const LoweredNode&) { return std::string("batch-norm"); };
    batchNorm.python = pythonOfBatchNorm;
    return {batchNorm};
}

} // namespace torchdesk
