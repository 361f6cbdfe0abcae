// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/layertree.h"

#include <QTreeView>
#include <set>
#include <vector>

namespace torchdesk {

class LayerTreeModel;

/// The layers of a model as a tree with figures. Where it is narrow, columns give way: the output first, then
/// the share, the multiply-adds last.
class LayerTreeView final : public QTreeView
{
    Q_OBJECT

public:
    explicit LayerTreeView(QWidget* parent = nullptr);
    /// \p folded: the groups that begin folded.
    /// \p frozen: as LayerTreeModel::setTree() has it.
    void setTree(const LayerTree& tree, const std::set<int>& folded, std::vector<std::int64_t> frozen = {});
    /// Selects an item and unfolds what is around it; -1 selects nothing.
    void setSelected(int item);
    int selected() const;
    /// In which every column is shown and no text is cut.
    int wantedWidth() const;

Q_SIGNALS:
    void selectedByHand(int item); ///< -1: nothing, or the total

protected:
    void resizeEvent(QResizeEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void fitColumns();
    void fitWhenUnfolded();
    bool isShown(int item) const;
    void hideColumns();

    LayerTreeModel* m_model = nullptr;
    std::vector<int> m_widths; ///< of the columns, as their texts want it
    bool m_quiet = false;      ///< the selection comes from outside
};

} // namespace torchdesk
