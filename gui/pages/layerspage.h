// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/bridge.h"

#include <QWidget>

namespace torchdesk {

class Card;
class LayerTableView;

/// The layers of the model of the run (of the form, before there is one).
class LayersPage final : public QWidget
{
    Q_OBJECT

public:
    explicit LayersPage(Bridge& bridge, QWidget* parent = nullptr);
    void showModel(const LoweredModel& model);

private:
    Card* m_card = nullptr;
    LayerTableView* m_layers = nullptr;
};

} // namespace torchdesk
