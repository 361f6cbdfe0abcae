// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/diagram/grouplayout.h"

#include <algorithm>
#include <cstdlib>

namespace torchdesk {

GroupLayouter::GroupLayouter(const LoweredModel& model, const LayerTree& tree, const std::set<int>& folded,
                             const DiagramMeasures& measures, int item)
    : m_model(model), m_tree(tree), m_folded(folded), m_measures(measures), m_item(item)
{}

GroupLayout GroupLayouter::run()
{
    makeVertices();
    makeLines();
    setRows();
    setLanes();
    setLineLanes();
    setColumns();
    GroupLayout made;
    made.rows = m_rows;
    made.anchor = m_laneX.front();
    placeChildren(made.drawing);
    for (const Line& line : m_lines)
        made.drawing.edges.push_back(edgeOf(line));
    for (const Vertex& port : m_vertices) {
        if (port.port >= 0)
            (port.row < 0 ? made.entries : made.exits)[port.port] =
                m_laneX[static_cast<std::size_t>(port.lane)];
    }
    made.drawing.size = {m_width,
                         isRoot() ? rowTop(m_rows) - m_measures.gap + m_measures.margin : rowTop(m_rows)};
    return made;
}

void GroupLayouter::makeVertices()
{
    for (const int child : group().children)
        m_vertices.push_back(childVertex(child));
}

GroupLayouter::Vertex GroupLayouter::childVertex(int child) const
{
    Vertex made;
    made.item = child;
    made.open = m_tree[static_cast<std::size_t>(child)].group() && !m_folded.contains(child);
    if (made.open) {
        made.inner = GroupLayouter(m_model, m_tree, m_folded, m_measures, child).run();
        made.span = made.inner.rows + 1;
        made.left = made.inner.anchor;
        made.right = made.inner.drawing.size.width() - made.inner.anchor;
    } else {
        made.left = made.right = m_measures.boxWidth / 2;
    }
    return made;
}

/// Every connection of nodes that begins or ends in this group and does not lie in one of its children.
void GroupLayouter::makeLines()
{
    const int count = static_cast<int>(m_model.nodes.size());
    for (int target = group().first; target < count; ++target) {
        for (const int source : m_model.nodes[static_cast<std::size_t>(target)].inputs)
            addLine(source, target);
    }
}

void GroupLayouter::addLine(int source, int target)
{
    const bool fromInside = source >= group().first && source <= group().last;
    const bool toInside = target <= group().last;
    if (!fromInside && !toInside)
        return;
    if (fromInside && toInside && childOf(source) == childOf(target))
        return;
    Line line;
    line.source = source;
    line.from = fromInside ? childOf(source) : portVertex(source, true);
    line.to = toInside ? childOf(target) : portVertex(source, false);
    if (std::find(m_lines.begin(), m_lines.end(), line) == m_lines.end())
        m_lines.push_back(line);
}

int GroupLayouter::childOf(int node) const
{
    const auto& children = group().children;
    const auto holds = [&](int child) { return m_tree[static_cast<std::size_t>(child)].last >= node; };
    return static_cast<int>(std::find_if(children.begin(), children.end(), holds) - children.begin());
}

int GroupLayouter::portVertex(int node, bool entry)
{
    for (std::size_t i = group().children.size(); i < m_vertices.size(); ++i) {
        if (m_vertices[i].port == node && (m_vertices[i].row < 0) == entry)
            return static_cast<int>(i);
    }
    Vertex port;
    port.port = node;
    port.row = entry ? -1 : 0;
    port.left = port.right = m_measures.lineWidth / 2;
    m_vertices.push_back(port);
    return static_cast<int>(m_vertices.size()) - 1;
}

/// The longest path. Lines are in the order of their targets, and those come after their sources.
void GroupLayouter::setRows()
{
    for (const Line& line : m_lines) {
        const Vertex& from = vertex(line.from);
        Vertex& to = vertex(line.to);
        if (to.port < 0)
            to.row = std::max(to.row, from.row + from.span);
    }
    m_rows = 0;
    for (const Vertex& child : m_vertices) {
        if (child.port < 0)
            m_rows = std::max(m_rows, child.row + child.span);
    }
    for (Vertex& port : m_vertices) {
        if (port.port >= 0 && port.row >= 0)
            port.row = m_rows;
    }
}

bool GroupLayouter::isFree(int lane, int from, int to) const
{
    if (lane >= static_cast<int>(m_taken.size()))
        return true;
    const auto& rows = m_taken[static_cast<std::size_t>(lane)];
    return std::none_of(rows.begin() + from + 1, rows.begin() + to + 1, [](bool taken) { return taken; });
}

void GroupLayouter::take(int lane, int from, int to)
{
    while (lane >= static_cast<int>(m_taken.size()))
        m_taken.emplace_back(static_cast<std::size_t>(m_rows) + 2, false);
    auto& rows = m_taken[static_cast<std::size_t>(lane)];
    std::fill(rows.begin() + from + 1, rows.begin() + to + 1, true);
}

int GroupLayouter::freeLane(int wanted, int from, int to) const
{
    int lane = wanted;
    while (!isFree(lane, from, to))
        ++lane;
    return lane;
}

/// Each stays in line with its first input where there is room, else it stands further to the right.
void GroupLayouter::setLanes()
{
    const auto place = [this](int index) {
        Vertex& placed = vertex(index);
        const auto first =
            std::find_if(m_lines.begin(), m_lines.end(), [&](const Line& line) { return line.to == index; });
        const int wanted = first == m_lines.end() ? 0 : vertex(first->from).lane;
        placed.lane = freeLane(wanted, placed.row, placed.row + placed.span);
        take(placed.lane, placed.row, placed.row + placed.span);
    };
    const int children = static_cast<int>(group().children.size());
    const int all = static_cast<int>(m_vertices.size());
    for (int i = children; i < all; ++i) {
        if (vertex(i).row < 0)
            place(i);
    }
    for (int i = 0; i < children; ++i)
        place(i);
    for (int i = children; i < all; ++i) {
        if (vertex(i).row >= 0)
            place(i);
    }
}

/// Lines past other rows run in a lane of their own; those of one output share it.
void GroupLayouter::setLineLanes()
{
    for (const Line& line : m_lines) {
        const std::pair key{line.from, line.source};
        if (m_lineLanes.contains(key))
            continue;
        const int from = vertex(line.from).row + vertex(line.from).span;
        int to = from;
        for (const Line& other : m_lines) {
            if (other.from == line.from && other.source == line.source)
                to = std::max(to, vertex(other.to).row);
        }
        if (to == from)
            continue;
        const int lane = lineLane(line, from, to);
        take(lane, from, to);
        m_lineLanes[key] = lane;
    }
}

/// The nearest lane that is free in these rows and can be reached without crossing a frame.
int GroupLayouter::lineLane(const Line& line, int from, int to) const
{
    const int own = vertex(line.from).lane;
    const int lanes = static_cast<int>(m_taken.size());
    int found = lanes;
    for (int distance = 0; distance <= lanes; ++distance) {
        for (const int lane : {own + distance, own - distance}) {
            if (lane < 0 || lane > lanes || !isFree(lane, from, to))
                continue;
            if (isClear(from, own, lane) && isClear(to, vertex(line.to).lane, lane))
                return lane;
            found = std::min(found, lane);
        }
    }
    return found;
}

/// Whether a line can run across from lane to lane above \p row: no frame stands on both sides of that gap.
bool GroupLayouter::isClear(int row, int laneA, int laneB) const
{
    return std::none_of(m_vertices.begin(), m_vertices.end(), [&](const Vertex& other) {
        return other.open && other.row < row && other.row + other.span > row &&
               other.lane >= std::min(laneA, laneB) && other.lane <= std::max(laneA, laneB);
    });
}

void GroupLayouter::setColumns()
{
    const std::size_t lanes = std::max<std::size_t>(m_taken.size(), 1);
    std::vector<double> left(lanes, m_measures.lineWidth / 2);
    std::vector<double> right = left;
    for (const Vertex& placed : m_vertices) {
        const auto lane = static_cast<std::size_t>(placed.lane);
        left[lane] = std::max(left[lane], placed.left);
        right[lane] = std::max(right[lane], placed.right);
    }
    double x = isRoot() ? m_measures.margin : m_measures.frameSide;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        x += lane > 0 ? m_measures.laneGap : 0;
        m_laneX.push_back(x + left[lane]);
        x += left[lane] + right[lane];
    }
    m_width = x + (isRoot() ? m_measures.margin : m_measures.frameSide);
}

double GroupLayouter::rowTop(int row) const
{
    if (row < 0)
        return 0;
    return (isRoot() ? m_measures.margin : m_measures.frameTop) +
           row * (m_measures.boxHeight + m_measures.gap);
}

double GroupLayouter::sourceX(const Line& line) const
{
    const Vertex& from = vertex(line.from);
    const double x = m_laneX[static_cast<std::size_t>(from.lane)];
    const auto exit = from.inner.exits.find(line.source);
    return exit == from.inner.exits.end() ? x : x - from.left + exit->second;
}

double GroupLayouter::targetX(const Line& line) const
{
    const Vertex& to = vertex(line.to);
    const double x = m_laneX[static_cast<std::size_t>(to.lane)];
    const auto entry = to.inner.entries.find(line.source);
    return entry == to.inner.entries.end() ? x : x - to.left + entry->second;
}

void GroupLayouter::placeChildren(DiagramLayout& drawing) const
{
    for (const Vertex& child : m_vertices) {
        if (child.port >= 0)
            continue;
        const QPointF corner(m_laneX[static_cast<std::size_t>(child.lane)] - child.left, rowTop(child.row));
        if (!child.open) {
            drawing.boxes.push_back({child.item,
                                     QRectF(corner, QSizeF(m_measures.boxWidth, m_measures.boxHeight)),
                                     m_tree[static_cast<std::size_t>(child.item)].group()});
            continue;
        }
        const DiagramLayout& inner = child.inner.drawing;
        drawing.frames.push_back({child.item, 0, QRectF(corner, inner.size)});
        for (DiagramFrame frame : inner.frames) {
            frame.rect.translate(corner);
            ++frame.depth;
            drawing.frames.push_back(frame);
        }
        for (DiagramBox box : inner.boxes) {
            box.rect.translate(corner);
            drawing.boxes.push_back(box);
        }
        for (DiagramEdge edge : inner.edges) {
            for (QPointF& point : edge.points)
                point += corner;
            drawing.edges.push_back(std::move(edge));
        }
    }
}

DiagramEdge GroupLayouter::edgeOf(const Line& line) const
{
    const Vertex& from = vertex(line.from);
    const Vertex& to = vertex(line.to);
    DiagramEdge edge;
    edge.from = from.port >= 0 ? m_item : from.item;
    edge.to = to.port >= 0 ? m_item : to.item;
    edge.arrow = to.port < 0 && !to.open;
    const double startX = sourceX(line), endX = targetX(line);
    const int below = from.row + from.span;
    const double start = from.port >= 0 ? 0 : rowTop(below) - m_measures.gap;
    const auto bend = [&edge](double x, double top, double otherX, double bottom) {
        edge.points.emplace_back(x, top);
        edge.points.emplace_back(otherX, bottom);
    };
    edge.points.emplace_back(startX, start);
    if (to.row > below) {
        const double laneX = m_laneX[static_cast<std::size_t>(m_lineLanes.at({line.from, line.source}))];
        bend(startX, rowTop(below) - m_measures.gap, laneX, rowTop(below));
        bend(laneX, rowTop(to.row) - m_measures.gap, endX, rowTop(to.row));
    } else {
        bend(startX, rowTop(below) - m_measures.gap, endX, rowTop(below));
    }
    edge.points.erase(std::unique(edge.points.begin(), edge.points.end()), edge.points.end());
    return edge;
}

} // namespace torchdesk
