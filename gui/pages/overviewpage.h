// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QWidget>

class QLabel;

namespace torchdesk {

class Card;
class LayerTableView;
class PictureGrid;

/// What the form chose, before anything is trained: labelled pictures of the data and the layers of the
/// model.
class OverviewPage final : public QWidget
{
    Q_OBJECT

public:
    explicit OverviewPage(Bridge& bridge, QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showData(const DataSet& data);
    void showVerdict(const Verdict& verdict);
    void showModel(const LoweredModel& model);

    Bridge& m_bridge;

    Card* m_dataCard = nullptr;
    PictureGrid* m_pictures = nullptr;
    QLabel* m_noData = nullptr; ///< in their place: why there are none
    QLabel* m_noModel = nullptr;
    Card* m_modelCard = nullptr;
    LayerTableView* m_layers = nullptr;
};

} // namespace torchdesk
