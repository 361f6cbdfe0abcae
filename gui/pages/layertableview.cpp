// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/layertableview.h"

#include "core/base/text.h"
#include "gui/itemmodels/frozenlayers.h"
#include "gui/itemmodels/layertablemodel.h"
#include "gui/widgets/plaintable.h"

#include <algorithm>
#include <limits>

namespace torchdesk {

namespace {

/// "0.28 M", "1.81 G"
QString shortCount(std::int64_t count)
{
    const bool large = count >= 1'000'000'000;
    const std::string digits = fixed(static_cast<double>(count) / (large ? 1e9 : 1e6), 2);
    return QString::fromStdString(digits) + (large ? QStringLiteral(" G") : QStringLiteral(" M"));
}

} // namespace

QString modelSummary(const LoweredModel& model, int frozenNodes)
{
    const auto number =
        static_cast<int>(std::min<std::int64_t>(model.parameterCount(), std::numeric_limits<int>::max()));
    QString parameters = LayerTableView::tr("%1 parameter(s)", nullptr, number)
                             .arg(QString::fromStdString(grouped(model.parameterCount())));
    const std::int64_t frozen = frozenParameters(model, frozenNodes);
    if (frozen > 0)
        parameters = LayerTableView::tr("%1 frozen + %2 trained parameters")
                         .arg(QString::fromStdString(grouped(frozen)),
                              QString::fromStdString(grouped(model.parameterCount() - frozen)));
    return LayerTableView::tr("%1 · %2 multiply-adds a picture")
        .arg(parameters, shortCount(model.multiplyAdds()));
}

LayerTableView::LayerTableView(QWidget* parent) : QTableView(parent), m_model(new LayerTableModel(this))
{
    setObjectName(QStringLiteral("layerTable"));
    setAccessibleName(tr("Layers"));
    setModel(m_model);
    makePlainTable(this, LayerTableModel::Kind);
    setColumnHidden(LayerTableModel::Weights, true);
}

void LayerTableView::setModelShown(const LoweredModel& model, int frozenNodes)
{
    m_model->setModel(model, frozenNodes);
    setColumnHidden(LayerTableModel::Weights, frozenNodes == 0);
}

// Where the table is narrow the widest column gives way, not the figures.
void LayerTableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    setColumnHidden(LayerTableModel::MultiplyAdds, width() < 420);
}

} // namespace torchdesk
