// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layers.h"

#include "core/model/layers/families.h"

namespace torchdesk {

std::span<const LayerSpec> layerSpecs()
{
    static const std::vector<LayerSpec> specs = [] {
        std::vector<LayerSpec> all;
        for (const auto& family : {convolutionLayers(), poolingLayers(), denseLayers(), activationLayers(),
                                   regularisationLayers(), normalisationLayers(), joiningLayers()})
            all.insert(all.end(), family.begin(), family.end());
        return all;
    }();
    return specs;
}

const LayerSpec* findLayer(std::string_view kind)
{
    for (const LayerSpec& spec : layerSpecs()) {
        if (spec.kind == kind)
            return &spec;
    }
    return nullptr;
}

} // namespace torchdesk
