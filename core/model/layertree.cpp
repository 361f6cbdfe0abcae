// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layertree.h"

#include "core/base/text.h"
#include "core/model/layers.h"

#include <algorithm>

namespace torchdesk {

namespace {

/// An item while the tree grows; children by value.
struct DraftItem
{
    LayerItem item;
    std::vector<DraftItem> children;
};

class LayerTreeBuilder
{
public:
    explicit LayerTreeBuilder(const LoweredModel& model) : m_model(model), m_uses(model.nodes.size())
    {
        for (const LoweredNode& node : model.nodes)
            for (const int input : node.inputs)
                ++m_uses[static_cast<std::size_t>(input)];
    }

    LayerTree build()
    {
        if (m_model.nodes.empty())
            return {};
        DraftItem root;
        for (std::size_t i = 0; i < m_model.nodes.size(); ++i)
            add(root, static_cast<int>(i));
        for (DraftItem& child : root.children)
            shorten(child);
        flatten(root, -1);
        return std::move(m_tree);
    }

private:
    void add(DraftItem& root, int index)
    {
        const LoweredNode& node = m_model.nodes[static_cast<std::size_t>(index)];
        const std::vector<std::string> parts = splitText(node.name, '.');
        DraftItem* group = &root;
        std::string name;
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            name += (i == 0 ? "" : ".") + parts[i];
            const bool open = !group->children.empty() && group->children.back().item.name == name &&
                              group->children.back().item.kind.empty();
            if (!open) {
                DraftItem made;
                made.item.name = name;
                made.item.label = parts[i];
                group->children.push_back(std::move(made));
            }
            group = &group->children.back();
        }
        if (joins(*group, index))
            join(group->children.back().item, node, index);
        else
            group->children.push_back({leaf(node, parts.back(), index), {}});
    }

    static LayerItem leaf(const LoweredNode& node, const std::string& label, int index)
    {
        LayerItem item;
        item.name = node.name;
        item.label = label;
        item.kind = node.kind;
        if (const LayerSpec* spec = findLayer(node.kind))
            item.summary = spec->summary(node);
        item.first = item.last = index;
        item.output = node.output;
        item.parameters = trainedParameters(node);
        item.multiplyAdds = node.multiplyAdds;
        item.layers = index == 0 ? 0 : 1;
        return item;
    }

    /// As in the layer table, but never where somebody else takes the output in between.
    bool joins(const DraftItem& group, int index) const
    {
        const LoweredNode& node = m_model.nodes[static_cast<std::size_t>(index)];
        const LayerSpec* spec = findLayer(node.kind);
        if (!spec || spec->joint.empty() || index < 2 || group.children.empty())
            return false;
        const LayerItem& before = group.children.back().item;
        return !before.kind.empty() && before.last == index - 1 && node.inputs == std::vector{index - 1} &&
               m_uses[static_cast<std::size_t>(index) - 1] == 1;
    }

    static void join(LayerItem& item, const LoweredNode& node, int index)
    {
        const LayerSpec* spec = findLayer(node.kind);
        item.summary += spec->joint + spec->summary(node);
        item.output = node.output;
        item.last = index;
        item.parameters += trainedParameters(node);
        item.multiplyAdds += node.multiplyAdds;
    }

    /// A group of one gives way to its child.
    static void shorten(DraftItem& draft)
    {
        for (DraftItem& child : draft.children)
            shorten(child);
        if (draft.children.size() != 1)
            return;
        DraftItem only = std::move(draft.children.front());
        only.item.label = draft.item.label + "." + only.item.label;
        draft = std::move(only);
    }

    int flatten(const DraftItem& draft, int parent)
    {
        const std::size_t index = m_tree.size();
        m_tree.push_back(draft.item);
        m_tree[index].parent = parent;
        if (draft.children.empty())
            return static_cast<int>(index);
        for (const DraftItem& child : draft.children) {
            const int made = flatten(child, static_cast<int>(index));
            m_tree[index].children.push_back(made);
        }
        sumUp(m_tree[index]);
        return static_cast<int>(index);
    }

    void sumUp(LayerItem& group) const
    {
        for (const int index : group.children) {
            const LayerItem& child = m_tree[static_cast<std::size_t>(index)];
            group.parameters += child.parameters;
            group.multiplyAdds += child.multiplyAdds;
            group.layers += child.layers;
            group.sum = group.sum || child.kind == "add";
        }
        const LayerItem& last = m_tree[static_cast<std::size_t>(group.children.back())];
        group.first = m_tree[static_cast<std::size_t>(group.children.front())].first;
        group.last = last.last;
        group.output = last.output;
    }

    const LoweredModel& m_model;
    std::vector<int> m_uses;
    LayerTree m_tree;
};

} // namespace

std::int64_t trainedParameters(const LoweredNode& node)
{
    std::int64_t count = 0;
    for (const ParameterSpec& parameter : node.parameters)
        count += parameter.trainable ? elementCount(parameter.shape).value_or(0) : 0;
    return count;
}

LayerTree layerTree(const LoweredModel& model)
{
    return LayerTreeBuilder(model).build();
}

double shareOf(std::int64_t part, std::int64_t whole)
{
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

int itemOfNode(const LayerTree& tree, int node)
{
    for (std::size_t i = 0; i < tree.size(); ++i)
        if (!tree[i].group() && tree[i].first <= node && node <= tree[i].last)
            return static_cast<int>(i);
    return -1;
}

} // namespace torchdesk
