// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lane/layers/layers.h"
#include "core/lane/layers/kernels.h"

namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

namespace {

struct Maker
{
    const char* kind;
    Layer* (*make)(const LayerPlan& plan);
};

constexpr Maker makers[] = {
    {"input", makeInput},
    {"conv2d", makeConvolution},
    {"linear", makeLinear},
    {"flatten", makeFlatten},
    {"maxpool2d", makeMaxPool},
    {"avgpool2d", [](const LayerPlan& plan) { return makeAveragePool(plan, false); }},
    {"adaptiveavgpool2d", [](const LayerPlan& plan) { return makeAveragePool(plan, true); }},
    {"batchnorm2d", makeBatchNorm},
    {"dropout", makeDropout},
    {"add", makeAdd},
    {"concat", makeConcat},
    {"subsample", makeSubsample},
};

Layer* makeLayer(const char* kind, const LayerPlan& plan)
{
    for (const Maker& maker : makers)
        if (__builtin_strcmp(maker.kind, kind) == 0)
            return maker.make(plan);
    return makeActivation(kind, plan);
}

} // namespace

extern const Kernels kernels;
const Kernels kernels = {
    lanes == 16  ? "avx512"
    : lanes == 8 ? "avx2"
                 : "baseline",
    lanes,
    makeLayer,
    addLoss,
    takeLogits,
    moveParameters,
    addGradients,
    squareSum,
};

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
