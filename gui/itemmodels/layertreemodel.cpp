// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/itemmodels/layertreemodel.h"

#include "core/base/text.h"
#include "gui/diagram/diagram.h"
#include "gui/itemmodels/frozenlayers.h"

#include <QFont>
#include <algorithm>

namespace torchdesk {

namespace {

QString figure(std::int64_t count)
{
    return count == 0 ? QString() : QString::fromStdString(grouped(count));
}

QString shareText(double share)
{
    return share < 0.001 ? QStringLiteral("< 0.1 %") : QString::fromStdString(percent(share, 1));
}

Qt::Alignment alignmentOf(int column)
{
    return (column < LayerTreeModel::Output ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter;
}

} // namespace

void LayerTreeModel::setTree(LayerTree tree, std::vector<std::int64_t> frozen)
{
    beginResetModel();
    m_tree = std::move(tree);
    m_frozen = std::move(frozen);
    endResetModel();
}

int LayerTreeModel::itemOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<int>(index.internalId()) : -1;
}

QModelIndex LayerTreeModel::indexOf(int item, int column) const
{
    if (item < 0 || item >= static_cast<int>(m_tree.size()))
        return {};
    const auto id = static_cast<quintptr>(item);
    if (item == 0)
        return createIndex(static_cast<int>(at(0).children.size()), column, id);
    const auto& siblings = at(at(item).parent).children;
    const auto row = std::find(siblings.begin(), siblings.end(), item) - siblings.begin();
    return createIndex(static_cast<int>(row), column, id);
}

QModelIndex LayerTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const auto& children = at(parent.isValid() ? itemOf(parent) : 0).children;
    const auto place = static_cast<std::size_t>(row);
    return createIndex(row, column, static_cast<quintptr>(place < children.size() ? children[place] : 0));
}

QModelIndex LayerTreeModel::parent(const QModelIndex& child) const
{
    const int item = itemOf(child);
    return item > 0 && at(item).parent > 0 ? indexOf(at(item).parent) : QModelIndex();
}

int LayerTreeModel::rowCount(const QModelIndex& parent) const
{
    if (m_tree.empty() || parent.column() > 0)
        return 0;
    if (!parent.isValid())
        return static_cast<int>(at(0).children.size()) + 1;
    const int item = itemOf(parent);
    return item == 0 ? 0 : static_cast<int>(at(item).children.size());
}

int LayerTreeModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QString LayerTreeModel::text(int item, int column) const
{
    const LayerItem& of = at(item);
    switch (column) {
    case Layer:
        return item == 0 ? tr("Total") : QString::fromStdString(of.label);
    case Kind:
        return of.group() ? groupText(m_tree, item) : QString::fromStdString(of.summary);
    case Weights:
        return anyFrozen() ? weightsText(m_frozen[static_cast<std::size_t>(item)], of.parameters) : QString();
    case Output:
        return QString::fromStdString(shapeText(of.output));
    case Parameters:
        return figure(of.parameters);
    case MultiplyAdds:
        return figure(of.multiplyAdds);
    default:
        return of.multiplyAdds == 0 ? QString() : shareText(shareOf(of.multiplyAdds, at(0).multiplyAdds));
    }
}

QVariant LayerTreeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int item = itemOf(index);
    switch (role) {
    case Qt::DisplayRole:
        return text(item, index.column());
    case Qt::ToolTipRole:
        return item == 0 ? QVariant() : itemText(m_tree, item);
    case Qt::TextAlignmentRole:
        return static_cast<int>(alignmentOf(index.column()));
    case ShareRole:
        return shareOf(at(item).multiplyAdds, at(0).multiplyAdds);
    case Qt::FontRole: {
        QFont font;
        font.setBold(index.column() == Layer || item == 0);
        return font.bold() ? font : QVariant();
    }
    default:
        return {};
    }
}

QVariant LayerTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(alignmentOf(section));
    if (role == Qt::ToolTipRole && section == Share)
        return tr("Of the multiply-adds of the whole model");
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names = {tr("Layer"),      tr("Kind"),          tr("Weights"), tr("Output"),
                               tr("Parameters"), tr("Multiply-adds"), tr("Share")};
    return names.value(section);
}

} // namespace torchdesk
