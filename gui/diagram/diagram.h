// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/diagram/diagramlayout.h"

#include <QCoreApplication>
#include <QString>

namespace torchdesk {

/// A model with what is folded of it and where everything is: what is painted and exported. A value.
class Diagram
{
    Q_DECLARE_TR_FUNCTIONS(Diagram)

public:
    Diagram() = default;
    /// Lays the model out with the groups folded that foldedAtFirst() names.
    Diagram(LoweredModel model, LayerTree tree);

    void setFolded(std::set<int> folded);
    const std::set<int>& folded() const { return m_folded; }
    const LoweredModel& model() const { return m_model; }
    const LayerTree& tree() const { return m_tree; }
    const DiagramLayout& layout() const { return m_layout; }
    const LayerItem& item(int index) const { return m_tree[static_cast<std::size_t>(index)]; }
    bool isEmpty() const { return m_tree.empty(); }

    /// The item itself where it is shown, else the folded group that holds it.
    int shown(int item) const;
    /// The box at that point, else the innermost frame; -1 where there is neither.
    int itemAt(const QPointF& point) const;
    /// Where a box or a frame stands; empty where the item is not shown.
    QRectF rectOf(int item) const;

    /// The two lines of a box: its name, and what it is.
    QString title(int item) const;
    QString details(int item) const;

private:
    void layOut();

    LoweredModel m_model;
    LayerTree m_tree;
    std::set<int> m_folded;
    DiagramMeasures m_measures;
    DiagramLayout m_layout;
};

/// What a group is, in words: "residual, 8 layers", "3 blocks".
QString groupText(const LayerTree& tree, int item);
/// Everything about an item in a few lines, for a tooltip and a screen reader.
QString itemText(const LayerTree& tree, int item);

} // namespace torchdesk
