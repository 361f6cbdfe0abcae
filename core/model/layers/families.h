// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/layers.h"

/// One function for each family of layers; each family has a file of its name here and one in
/// core/engine/layers/.
namespace torchdesk {

std::vector<LayerSpec> convolutionLayers();
std::vector<LayerSpec> poolingLayers();
std::vector<LayerSpec> denseLayers();
std::vector<LayerSpec> activationLayers();
std::vector<LayerSpec> regularisationLayers();
std::vector<LayerSpec> normalisationLayers();
std::vector<LayerSpec> joiningLayers();

} // namespace torchdesk
