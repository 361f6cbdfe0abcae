// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/readingrow.h"

#include "gui/app/icons.h"
#include "gui/app/theme.h"
#include "gui/widgets/progressline.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace torchdesk {

ReadingRow::ReadingRow(Bridge& bridge, QWidget* parent) : QWidget(parent), m_bridge(bridge)
{
    setObjectName(QStringLiteral("readingRow"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::small);
    m_line = new ProgressLine;
    m_line->setObjectName(QStringLiteral("readingLine"));
    m_line->setAccessibleName(tr("How far the data has been read"));
    row->addWidget(m_line, 1, Qt::AlignVCenter);
    m_stop = new QPushButton(themeIcon(IconName::Stop), tr("S&top"));
    m_stop->setObjectName(QStringLiteral("stopReading"));
    m_stop->setAccessibleName(tr("Stop reading the data"));
    row->addWidget(m_stop);
    hide();
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_bridge.stopReading();
        Q_EMIT stopPressed();
    });
    connect(&bridge, &Bridge::dataProgress, this, &ReadingRow::showProgress);
    connect(&bridge, &Bridge::stateChanged, this, &ReadingRow::hideWhenChecked);
}

// A set by name is read in a moment where it keeps its size, or is being downloaded, which has its own row.
void ReadingRow::showProgress(double share)
{
    const TrainingPlan& plan = m_bridge.plan();
    const bool lasts = plan.data.find('/') != std::string::npos || plan.pictures.size > 0;
    if (!lasts || m_bridge.verdict().state != Verdict::State::Checking)
        return;
    m_line->setShare(share);
    show();
}

void ReadingRow::hideWhenChecked()
{
    if (m_bridge.verdict().state != Verdict::State::Checking)
        hide();
}

} // namespace torchdesk
