// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/layers/layer.h"

#include <array>

namespace torchdesk {

const LayerMaker* findLayerMaker(std::string_view kind)
{
    for (const auto& family : {activationMakers(), convolutionMakers(), denseMakers(), joiningMakers(),
                               normalisationMakers(), poolingMakers(), regularisationMakers()})
        for (const LayerMaker& maker : family)
            if (kind == maker.kind)
                return &maker;
    return nullptr;
}

} // namespace torchdesk
