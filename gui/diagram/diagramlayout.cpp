// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/diagram/diagramlayout.h"

#include "gui/diagram/grouplayout.h"

#include <algorithm>

namespace torchdesk {

namespace {

constexpr int mostBoxesAtFirst = 16;
constexpr int fewBoxes = 8; ///< so few that the next level is shown whatever its size

bool isShown(const LayerTree& tree, const std::set<int>& folded, int item)
{
    for (int parent = tree[static_cast<std::size_t>(item)].parent; parent > 0;
         parent = tree[static_cast<std::size_t>(parent)].parent)
        if (folded.contains(parent))
            return false;
    return true;
}

int shownBoxes(const LayerTree& tree, const std::set<int>& folded)
{
    int count = 0;
    for (int i = 1; i < static_cast<int>(tree.size()); ++i) {
        const bool box = !tree[static_cast<std::size_t>(i)].group() || folded.contains(i);
        count += box && isShown(tree, folded, i) ? 1 : 0;
    }
    return count;
}

} // namespace

std::set<int> allGroups(const LayerTree& tree)
{
    std::set<int> groups;
    for (std::size_t i = 1; i < tree.size(); ++i)
        if (tree[i].group())
            groups.insert(static_cast<int>(i));
    return groups;
}

std::set<int> foldedAtFirst(const LayerTree& tree)
{
    std::set<int> folded = allGroups(tree);
    while (!folded.empty()) {
        std::set<int> next = folded;
        std::erase_if(next, [&](int item) { return isShown(tree, folded, item); });
        const int now = shownBoxes(tree, folded);
        if (now >= fewBoxes && shownBoxes(tree, next) > mostBoxesAtFirst)
            break;
        folded = std::move(next);
    }
    return folded;
}

DiagramLayout layoutDiagram(const LoweredModel& model, const LayerTree& tree, const std::set<int>& folded,
                            const DiagramMeasures& measures)
{
    if (tree.empty())
        return {};
    DiagramLayout drawing = GroupLayouter(model, tree, folded, measures, 0).run().drawing;
    std::sort(drawing.boxes.begin(), drawing.boxes.end(),
              [](const DiagramBox& a, const DiagramBox& b) { return a.item < b.item; });
    return drawing;
}

} // namespace torchdesk
