// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/layertree.h"

#include <QPointF>
#include <QRectF>
#include <set>
#include <vector>

/// Where the boxes, frames and lines of a model's diagram are. Values and arithmetic only: no widget, no
/// font, any thread.
namespace torchdesk {

/// Device-independent pixels. frameTop + frameBottom = boxHeight + gap, so that rows inside a frame stand on
/// the grid of those outside.
struct DiagramMeasures
{
    double boxWidth = 200;
    double boxHeight = 44;
    double gap = 28;       ///< between rows
    double laneGap = 20;   ///< between what stands side by side
    double lineWidth = 8;  ///< of a lane in which only lines run
    double frameSide = 14; ///< from a frame to what is in it
    double frameTop = 44;
    double frameBottom = 28;
    double margin = 8;
};

/// A layer, or a group that is folded.
struct DiagramBox
{
    int item = 0; ///< of the layer tree
    QRectF rect;
    bool folded = false;
};

/// A group that is not folded, around its boxes.
struct DiagramFrame
{
    int item = 0;
    int depth = 0;
    QRectF rect;
};

/// A line from top to bottom: from the lower edge of a box, or from where another line met a frame's border,
/// to the upper edge of a box or to a frame's border. Between two points with different x it bends.
struct DiagramEdge
{
    int from = 0; ///< items; a group's own where the line begins or ends at the inner side of its frame
    int to = 0;
    std::vector<QPointF> points;
    bool arrow = false; ///< it ends at a box
};

struct DiagramLayout
{
    std::vector<DiagramBox> boxes;    ///< in the order of the tree
    std::vector<DiagramFrame> frames; ///< the outer before the inner
    std::vector<DiagramEdge> edges;
    QSizeF size;
};

/// Data flows from top to bottom. A box stands one row below the last of its inputs; the first input of a
/// layer is the one it stays in line with, so that a trunk runs straight and arms stand beside it. No boxes
/// overlap, and no line runs upwards. \p folded holds groups of the tree.
DiagramLayout layoutDiagram(const LoweredModel& model, const LayerTree& tree, const std::set<int>& folded,
                            const DiagramMeasures& measures);

/// The groups to begin with folded: level after level is unfolded while the diagram stays small enough to be
/// read at a glance.
std::set<int> foldedAtFirst(const LayerTree& tree);
/// Every group but the root.
std::set<int> allGroups(const LayerTree& tree);

} // namespace torchdesk
