// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/itemmodels/layertablemodel.h"

#include "core/base/text.h"

#include <QFont>

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

void LayerTableModel::setModel(const LoweredModel& model)
{
    beginResetModel();
    m_rows = layerTable(model);
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

QString LayerTableModel::text(const LayerRow& row, int column) const
{
    switch (column) {
    case Layer:
        return QString::fromStdString(row.name);
    case Kind:
        return QString::fromStdString(row.summary);
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
    const LayerRow& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return text(row, index.column());
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
    const QStringList names = {tr("Layer"), tr("Kind"), tr("Output"), tr("Parameters"), tr("Multiply-adds")};
    return names.value(section);
}

} // namespace torchdesk
