// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/diagram/diagramlayout.h"

#include <map>

namespace torchdesk {

/// What stands in one group, in the group's own coordinates. Lines enter and leave at its border.
struct GroupLayout
{
    DiagramLayout drawing;
    int rows = 0;
    double anchor = 0;             ///< the x of its trunk
    std::map<int, double> entries; ///< by the node outside whose output comes in: x on the upper border
    std::map<int, double> exits;   ///< by the node inside whose output goes out: x on the lower border
};

/// Lays out the group \p item, the groups in it first.
class GroupLayouter
{
public:
    GroupLayouter(const LoweredModel& model, const LayerTree& tree, const std::set<int>& folded,
                  const DiagramMeasures& measures, int item);
    GroupLayout run();

private:
    /// A child, or a port on the border through which the output of a node comes or goes.
    struct Vertex
    {
        int item = -1; ///< of a child
        int port = -1; ///< of a port: the node
        int row = 0;   ///< the first that it takes
        int span = 1;  ///< rows
        int lane = 0;
        bool open = false;
        double left = 0, right = 0; ///< from the lane's line to its sides
        GroupLayout inner;          ///< where it is open
    };
    struct Line
    {
        int from = 0, to = 0; ///< vertices
        int source = 0;       ///< the node whose output it carries

        auto operator<=>(const Line&) const = default;
    };

    void makeVertices();
    Vertex childVertex(int child) const;
    void makeLines();
    void addLine(int source, int target);
    int childOf(int node) const;
    int portVertex(int node, bool entry);
    void setRows();
    void setLanes();
    bool isFree(int lane, int from, int to) const;
    void take(int lane, int from, int to);
    int freeLane(int wanted, int from, int to) const;
    void setLineLanes();
    int lineLane(const Line& line, int from, int to) const;
    bool isClear(int row, int laneA, int laneB) const;
    void setColumns();
    double rowTop(int row) const;
    double sourceX(const Line& line) const;
    double targetX(const Line& line) const;
    void placeChildren(DiagramLayout& drawing) const;
    DiagramEdge edgeOf(const Line& line) const;
    const LayerItem& group() const { return m_tree[static_cast<std::size_t>(m_item)]; }
    const Vertex& vertex(int index) const { return m_vertices[static_cast<std::size_t>(index)]; }
    Vertex& vertex(int index) { return m_vertices[static_cast<std::size_t>(index)]; }
    bool isRoot() const { return m_item == 0; }

    const LoweredModel& m_model;
    const LayerTree& m_tree;
    const std::set<int>& m_folded;
    const DiagramMeasures& m_measures;
    int m_item;
    int m_rows = 0;
    std::vector<Vertex> m_vertices;                 ///< children, then ports
    std::vector<Line> m_lines;                      ///< by the order of the nodes that they lead to
    std::map<std::pair<int, int>, int> m_lineLanes; ///< by vertex and source: the lane of its long lines
    std::vector<std::vector<bool>> m_taken;         ///< lane, row + 1
    std::vector<double> m_laneX;
    double m_width = 0;
};

} // namespace torchdesk
