// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/diagram/diagram.h"

#include "core/base/text.h"
#include "gui/app/theme.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace torchdesk {

namespace {

constexpr double narrowestBox = 176;
constexpr double widestBox = 224;
constexpr double besideText = 30; ///< of a box: the stripe, the room at both sides

QString fromCore(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

Diagram::Diagram(LoweredModel model, LayerTree tree) : m_model(std::move(model)), m_tree(std::move(tree))
{
    const QFontMetricsF bold(fontFor(TextRole::Strong)), small(fontFor(TextRole::Label));
    double width = narrowestBox;
    for (int i = 1; i < static_cast<int>(m_tree.size()); ++i) {
        const double shape = small.horizontalAdvance(fromCore(shapeText(item(i).output)));
        width = std::max({width, bold.horizontalAdvance(title(i)) + shape + 12 + besideText,
                          small.horizontalAdvance(details(i)) + besideText});
    }
    m_measures.boxWidth = std::round(std::min(width, widestBox) / 2) * 2;
    m_folded = foldedAtFirst(m_tree);
    layOut();
}

void Diagram::setFolded(std::set<int> folded)
{
    m_folded = std::move(folded);
    layOut();
}

void Diagram::layOut()
{
    m_layout = layoutDiagram(m_model, m_tree, m_folded, m_measures);
}

int Diagram::shown(int index) const
{
    if (index <= 0 || index >= static_cast<int>(m_tree.size()))
        return -1;
    int found = index;
    for (int parent = item(index).parent; parent > 0; parent = item(parent).parent)
        if (m_folded.contains(parent))
            found = parent;
    return found;
}

int Diagram::itemAt(const QPointF& point) const
{
    for (const DiagramBox& box : m_layout.boxes)
        if (box.rect.contains(point))
            return box.item;
    const auto frame = std::find_if(m_layout.frames.rbegin(), m_layout.frames.rend(),
                                    [&](const DiagramFrame& at) { return at.rect.contains(point); });
    return frame == m_layout.frames.rend() ? -1 : frame->item;
}

QRectF Diagram::rectOf(int index) const
{
    for (const DiagramBox& box : m_layout.boxes)
        if (box.item == index)
            return box.rect;
    for (const DiagramFrame& frame : m_layout.frames)
        if (frame.item == index)
            return frame.rect;
    return {};
}

// From the last part of the name that begins with a letter: "conv1", "layer1.0", "conv.0.1". The frames
// around say the rest.
QString Diagram::title(int index) const
{
    const std::string& name = item(index).name;
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t from = name.size() - std::min(item(index).label.size(), name.size());
    while (from > 1 && isDigit(name[from])) {
        const std::size_t dot = name.rfind('.', from - 2);
        from = dot == std::string::npos ? 0 : dot + 1;
    }
    return fromCore(name.substr(from));
}

QString Diagram::details(int index) const
{
    if (item(index).group())
        return groupText(m_tree, index);
    return item(index).kind == "input" ? tr("one sample") : fromCore(item(index).summary);
}

QString groupText(const LayerTree& tree, int index)
{
    const LayerItem& group = tree[static_cast<std::size_t>(index)];
    const auto isGroup = [&](int child) { return tree[static_cast<std::size_t>(child)].group(); };
    const auto groups =
        static_cast<int>(std::count_if(group.children.begin(), group.children.end(), isGroup));
    if (group.sum)
        return Diagram::tr("residual, %n layer(s)", nullptr, group.layers);
    if (groups > 0 && groups == static_cast<int>(group.children.size()))
        return Diagram::tr("%n block(s)", nullptr, groups);
    return Diagram::tr("%n layer(s)", nullptr, group.layers);
}

QString itemText(const LayerTree& tree, int index)
{
    const LayerItem& item = tree[static_cast<std::size_t>(index)];
    QString what = item.group() ? groupText(tree, index) : fromCore(item.summary);
    what = what.isEmpty() ? fromCore(item.name) : fromCore(item.name) + QStringLiteral(": ") + what;
    const QString output = Diagram::tr("output %1").arg(fromCore(shapeText(item.output)));
    if (item.parameters == 0 && item.multiplyAdds == 0)
        return what + u'\n' + output;
    const auto line = [](const QString& text, std::int64_t part, std::int64_t whole) {
        return text.arg(fromCore(grouped(part)), fromCore(percent(shareOf(part, whole), 1)));
    };
    return what + u'\n' + output + u'\n' +
           line(Diagram::tr("parameters: %1, %2 of all"), item.parameters, tree[0].parameters) + u'\n' +
           line(Diagram::tr("multiply-adds: %1, %2 of all"), item.multiplyAdds, tree[0].multiplyAdds);
}

} // namespace torchdesk
