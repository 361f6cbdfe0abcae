// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/diagram/diagram.h"

#include <QGraphicsView>

namespace torchdesk {

/// The diagram of a model to look around in: drag moves it, the wheel and Ctrl with +, − and 0 zoom, a click
/// selects, a double click folds and unfolds. Arrows, Space and Return do the same from the keyboard. Nothing
/// is laid out before it is shown.
class DiagramView final : public QGraphicsView
{
    Q_OBJECT

public:
    explicit DiagramView(QWidget* parent = nullptr);

    /// Keeps the model; costs nothing while hidden.
    void setModelShown(const LoweredModel& model, const LayerTree& tree);
    const Diagram& diagram() const { return m_diagram; }

    /// Selects an item of the tree; where it is inside a folded group, that is shown as selected.
    void setSelected(int item);
    int selected() const { return m_selected; }

    bool isUnfolded() const { return m_diagram.folded().empty(); }
    bool canFold() const { return m_canFold; }
    void foldAll();
    void unfoldAll();
    /// Folds or unfolds a group; nothing for a layer.
    void toggle(int item);

    void zoomBy(double factor);
    /// All of it.
    void fit();

Q_SIGNALS:
    void selectedByHand(int item); ///< -1: nothing
    void laidOut();

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void layOut();
    void setFolded(std::set<int> folded);
    void showBegin();
    void setZoom(double zoom);
    void select(int item);
    bool moveSelection(int key);
    bool zoomByKey(const QKeyEvent& event);
    void step(int by);

    Diagram m_diagram;
    QGraphicsItem* m_canvas = nullptr;
    LoweredModel m_nextModel; ///< until it is laid out
    LayerTree m_nextTree;
    bool m_waiting = false;
    bool m_canFold = false;
    bool m_zoomed = false; ///< by hand: a new size of the view leaves it
    int m_selected = -1;
    QPoint m_pressed;
};

} // namespace torchdesk
