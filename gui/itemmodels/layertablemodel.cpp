// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/itemmodels/layertablemodel.h"

#include "core/base/text.h"
#include "gui/itemmodels/frozenlayers.h"

#include <QFont>
#include <algorithm>

namespace torchdesk {

namespace {

QString countText(std::int64_t count)
{
    return count == 0 ? QString() : QString::fromStdString(grouped(count));
}

int alignment(int column)
{
    return (column < LayerTableModel::Output ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter;
}

} // namespace

// A row is named after its first node, and only that has parameters.
void LayerTableModel::setModel(const LoweredModel& model, int frozenNodes)
{
    beginResetModel();
    m_rows = layerTable(model);
    m_frozen.clear();
    for (const LayerRow& row : m_rows) {
        const auto node = std::ranges::find(model.nodes, row.name, &LoweredNode::name);
        m_frozen.push_back(node - model.nodes.begin() < frozenNodes);
    }
    endResetModel();
}

int LayerTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LayerTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString LayerTableModel::text(int index, int column) const
{
    const auto place = static_cast<std::size_t>(index);
    const LayerRow& row = m_rows[place];
    switch (column) {
    case Layer:
        return QString::fromStdString(row.name);
    case Kind:
        return QString::fromStdString(row.summary);
    case Weights:
        return row.parameters == 0 ? QString()
                                   : weightsText(m_frozen[place] ? row.parameters : 0, row.parameters);
    case Output:
        return QString::fromStdString(shapeText(row.output));
    case Parameters:
        return countText(row.parameters);
    default:
        return countText(row.multiplyAdds);
    }
}

QVariant LayerTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return text(index.row(), index.column());
    if (role == Qt::TextAlignmentRole)
        return alignment(index.column());
    if (role == Qt::FontRole && index.column() == Layer) {
        QFont font;
        font.setBold(true);
        return font;
    }
    return {};
}

QVariant LayerTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names = {tr("Layer"),  tr("Kind"),       tr("Weights"),
                               tr("Output"), tr("Parameters"), tr("Multiply-adds")};
    return names.value(section);
}

} // namespace torchdesk
