// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/layerspage.h"

#include "gui/app/theme.h"
#include "gui/pages/layertableview.h"
#include "gui/widgets/card.h"

#include <QVBoxLayout>

namespace torchdesk {

LayersPage::LayersPage(Bridge& bridge, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("layersPage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::large, space::medium, space::large, space::large);
    m_card = new Card(tr("Model"));
    m_layers = new LayerTableView;
    m_card->body()->addWidget(m_layers);
    column->addWidget(m_card);
    connect(&bridge, &Bridge::modelReady, this, [this, &bridge](const LoweredModel& model) {
        if (!bridge.busy())
            showModel(model);
    });
}

void LayersPage::showModel(const LoweredModel& model)
{
    m_card->setTitle(QString::fromStdString(model.label));
    m_card->setSubtitle(modelSummary(model));
    m_layers->setModelShown(model);
}

} // namespace torchdesk
