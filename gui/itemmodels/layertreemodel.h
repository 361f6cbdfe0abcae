// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/layertree.h"

#include <QAbstractItemModel>

namespace torchdesk {

/// The layer tree as rows: layer, kind, output, parameters, multiply-adds and their share. The sum over the
/// whole model, the root of the tree, is the last row.
class LayerTreeModel final : public QAbstractItemModel
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
        Share,
        ColumnCount
    };
    enum Role
    {
        ShareRole = Qt::UserRole ///< double, 0 to 1; of the multiply-adds
    };

    using QAbstractItemModel::QAbstractItemModel;
    /// \p frozen: of each item the parameters that keep their values; empty: none.
    void setTree(LayerTree tree, std::vector<std::int64_t> frozen = {});
    bool anyFrozen() const { return !m_frozen.empty(); }
    const LayerTree& tree() const { return m_tree; }
    /// Of an index, the item of the tree; -1 for none. And back.
    int itemOf(const QModelIndex& index) const;
    QModelIndex indexOf(int item, int column = 0) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int item, int column) const;
    const LayerItem& at(int item) const { return m_tree[static_cast<std::size_t>(item)]; }

    LayerTree m_tree;
    std::vector<std::int64_t> m_frozen; ///< one an item, or empty
};

} // namespace torchdesk
