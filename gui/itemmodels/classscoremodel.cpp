// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/itemmodels/classscoremodel.h"

#include "core/base/text.h"

namespace torchdesk {

namespace {

int sideOf(int column)
{
    return (column == ClassScoreModel::Class ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter;
}

} // namespace

void ClassScoreModel::setMatrix(const ConfusionMatrix& matrix, const QStringList& names)
{
    beginResetModel();
    m_matrix = matrix;
    m_names = names;
    endResetModel();
}

int ClassScoreModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_matrix.classes());
}

int ClassScoreModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::optional<double> ClassScoreModel::score(int row, int column) const
{
    if (column == Precision)
        return m_matrix.precision(row);
    return column == Recall ? m_matrix.recall(row) : m_matrix.f1(row);
}

QVariant ClassScoreModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int row = index.row();
    const int column = index.column();
    if (role == Qt::TextAlignmentRole)
        return sideOf(column);
    if (role != Qt::DisplayRole && role != SortRole)
        return {};
    if (column == Class)
        return m_names.value(row);
    if (column == Samples)
        return role == SortRole ? QVariant(static_cast<qlonglong>(m_matrix.support(row)))
                                : QVariant(QString::fromStdString(grouped(m_matrix.support(row))));
    const std::optional<double> value = score(row, column);
    if (role == SortRole)
        return value.value_or(-1);
    return value ? QString::fromStdString(percent(*value, 1)) : tr("none");
}

QVariant ClassScoreModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return sideOf(section);
    if (role == Qt::ToolTipRole) {
        const QStringList tips = {{},
                                  tr("Of the pictures taken for this class, the share that are of it"),
                                  tr("Of the pictures of this class, the share that were recognised"),
                                  tr("The harmonic mean of precision and recall"),
                                  tr("Test pictures of this class")};
        return tips.value(section);
    }
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names = {tr("Class"), tr("Precision"), tr("Recall"), tr("F1"), tr("Pictures")};
    return names.value(section);
}

} // namespace torchdesk
