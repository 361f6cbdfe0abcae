// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/enginenotice.h"

#include "gui/app/theme.h"
#include "gui/widgets/labels.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace torchdesk {

EngineNotice::EngineNotice(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    setObjectName(QStringLiteral("engineNotice"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::large, 0, space::large, space::large);
    column->setSpacing(space::small);
    column->addWidget(new Separator);
    column->addWidget(makeLabel(tr("LibTorch"), TextRole::Strong, Tone::Text));
    m_text = makeLabel({}, TextRole::Label, Tone::Muted);
    m_text->setObjectName(QStringLiteral("engineProblem"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_text);
    auto* again = new QPushButton(tr("Try again"));
    again->setObjectName(QStringLiteral("noticeTryAgain"));
    column->addWidget(again, 0, Qt::AlignLeft);
    connect(again, &QPushButton::clicked, &bridge, &Bridge::tryEngineAgain);
    connect(&bridge, &Bridge::stateChanged, this, &EngineNotice::refresh);
    connect(&bridge, &Bridge::engineFailed, this, &EngineNotice::refresh);
    refresh();
}

void EngineNotice::refresh()
{
    m_text->setText(m_bridge.engineProblem());
    setVisible(!m_bridge.engine() && !m_bridge.engineProblem().isEmpty());
}

} // namespace torchdesk
