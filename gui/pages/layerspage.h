// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/layertree.h"
#include "gui/bridge/bridge.h"
#include "gui/bridge/worker.h"
#include "gui/widgets/labels.h"

#include <QWidget>
#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QSplitter;

namespace torchdesk {

class Card;
class DiagramView;
class LayerTreeView;

/// The model of the run (of the form, before there is one): its layers as a tree, and beside them as a
/// diagram. What is selected in one is selected in the other. While hidden it only keeps the model.
class LayersPage final : public QWidget
{
    Q_OBJECT

public:
    explicit LayersPage(Bridge& bridge, QWidget* parent = nullptr);
    void showModel(const LoweredModel& model, int frozenNodes = 0);

    /// Writes the diagram as it is folded now; the ending of \p file says how. The page says what came of it.
    /// Does not block.
    void exportTo(const QString& file);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildContent();
    void buildButtons();
    QPushButton* addButton(const QString& text, const QString& name, const QString& tip);
    void connectParts();
    void showWaiting();
    std::vector<std::int64_t> frozenOf(const LayerTree& tree) const;
    void showFolding();
    void foldOrUnfold();
    void chooseFile(bool svg);
    void restoreSplit();
    void showNote(const QString& text, Tone tone);

    Card* m_card = nullptr;
    QLabel* m_empty = nullptr;
    QLabel* m_note = nullptr;
    QSplitter* m_split = nullptr;
    LayerTreeView* m_layers = nullptr;
    DiagramView* m_diagram = nullptr;
    QPushButton* m_fold = nullptr;
    std::vector<QWidget*> m_buttons;
    LoweredModel m_model;
    int m_frozenNodes = 0;            ///< so many of the first keep their weights
    bool m_waiting = false;           ///< the model is not shown yet
    std::unique_ptr<Worker> m_writer; ///< made with the first picture
};

} // namespace torchdesk
