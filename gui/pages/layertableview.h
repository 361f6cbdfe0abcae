// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QTableView>

namespace torchdesk {

class LayerTableModel;

/// The layer table as a plain list of rows with thin lines between them.
class LayerTableView final : public QTableView
{
    Q_OBJECT

public:
    explicit LayerTableView(QWidget* parent = nullptr);
    void setModelShown(const LoweredModel& model, int frozenNodes = 0);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    LayerTableModel* m_model = nullptr;
};

/// "44,426 parameters · 0.28 M multiply-adds a picture"
QString modelSummary(const LoweredModel& model, int frozenNodes = 0);

} // namespace torchdesk
