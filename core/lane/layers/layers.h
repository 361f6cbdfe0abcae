// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/lane/layer.h"
#include "core/lane/vec.h"

/// To add a layer: its file here, its line in layers.cpp, and what it asks of its neighbours in
/// core/lane/graph.cpp.
namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE {

// Each gives a new object, owned by the caller; the plan is copied.
Layer* makeActivation(const char* kind, const LayerPlan& plan); ///< nullptr for a kind that is none
Layer* makeAdd(const LayerPlan& plan);
Layer* makeAveragePool(const LayerPlan& plan, bool adaptive);
Layer* makeBatchNorm(const LayerPlan& plan);
Layer* makeConcat(const LayerPlan& plan);
Layer* makeConvolution(const LayerPlan& plan);
Layer* makeDropout(const LayerPlan& plan);
Layer* makeFlatten(const LayerPlan& plan);
Layer* makeInput(const LayerPlan& plan);
Layer* makeLinear(const LayerPlan& plan);
Layer* makeMaxPool(const LayerPlan& plan);
Layer* makeSubsample(const LayerPlan& plan);

} // namespace torchdesk::lane::TORCHDESK_LANES_NAMESPACE
