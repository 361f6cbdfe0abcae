// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace torchdesk {

/// The parameters of a node that are trained.
std::int64_t trainedParameters(const LoweredNode& node);

/// One line of the layer tree: a layer (with the activation, dropout or flatten that follows it) or a group
/// of them. A group is a run of nodes without a gap, so that folding any set of groups leaves a graph without
/// cycles.
struct LayerItem
{
    std::string name;    ///< "layer1.0.conv1", of a group "layer1.0"; "" of the root
    std::string label;   ///< what the name adds to the group around it: "conv1"
    std::string kind;    ///< of its first node; "" of a group
    std::string summary; ///< "conv2d 6, 5×5 + relu"; "" of a group and of the input
    int first = 0;       ///< of the nodes that it holds
    int last = 0;        ///< counted
    Shape output;        ///< of the last node
    std::int64_t parameters = 0;
    std::int64_t multiplyAdds = 0;
    int layers = 0;   ///< items without children in it, the input not counted
    int parent = -1;  ///< index of an item; -1 of the root
    bool sum = false; ///< a group that adds up two arms itself: a residual block
    std::vector<int> children;

    bool group() const { return !children.empty(); }
    bool operator==(const LayerItem&) const = default;
};

/// Item 0 is the root and holds every node; each item comes before its children, and children stand in the
/// order of their nodes. Empty for a model without nodes.
using LayerTree = std::vector<LayerItem>;

/// The layers by the parts of their dotted names. A group of one is its only child, under both parts of the
/// name ("2.conv"). Where a name comes back later, it makes a second group.
LayerTree layerTree(const LoweredModel& model);

/// \p part of \p whole, from 0 to 1; 0 where there is nothing.
double shareOf(std::int64_t part, std::int64_t whole);

/// The item without children that holds the node.
int itemOfNode(const LayerTree& tree, int node);

} // namespace torchdesk
