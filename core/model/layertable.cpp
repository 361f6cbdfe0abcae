// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layers.h"
#include "core/model/layertree.h"

namespace torchdesk {

namespace {

/// A node joins the row before it only where it takes that row's output, as nothing else does in between.
bool joins(const LoweredModel& model, std::size_t index, const LayerSpec& spec)
{
    return !spec.joint.empty() && index > 1 &&
           model.nodes[index].inputs == std::vector{static_cast<int>(index) - 1};
}

} // namespace

std::vector<LayerRow> layerTable(const LoweredModel& model)
{
    std::vector<LayerRow> rows;
    for (std::size_t i = 1; i < model.nodes.size(); ++i) {
        const LoweredNode& node = model.nodes[i];
        const LayerSpec* spec = findLayer(node.kind);
        if (!spec)
            continue;
        if (joins(model, i, *spec) && !rows.empty()) {
            rows.back().summary += spec->joint + spec->summary(node);
            rows.back().output = node.output;
        } else
            rows.push_back({node.name, node.kind, spec->summary(node), node.output, trainedParameters(node),
                            node.multiplyAdds});
    }
    return rows;
}

} // namespace torchdesk
