// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/confusion.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace torchdesk {

/// Precision, recall and F1 of each class of a confusion matrix. Sort by SortRole.
class ClassScoreModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        Class,
        Precision,
        Recall,
        F1,
        Samples,
        ColumnCount
    };
    static constexpr int SortRole = Qt::UserRole + 1;

    using QAbstractTableModel::QAbstractTableModel;
    void setMatrix(const ConfusionMatrix& matrix, const QStringList& names);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::optional<double> score(int row, int column) const;

    ConfusionMatrix m_matrix;
    QStringList m_names;
};

} // namespace torchdesk
