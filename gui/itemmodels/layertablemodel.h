// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QAbstractTableModel>

namespace torchdesk {

/// The rows of a model as people read them: layer, kind, output, parameters, multiply-adds.
class LayerTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        Layer,
        Kind,
        Weights, ///< frozen or trained
        Output,
        Parameters,
        MultiplyAdds,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;
    /// \p frozenNodes: so many of the first nodes keep their weights.
    void setModel(const LoweredModel& model, int frozenNodes = 0);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int row, int column) const;

    std::vector<LayerRow> m_rows;
    std::vector<bool> m_frozen; ///< one a row
};

} // namespace torchdesk
