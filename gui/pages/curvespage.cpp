// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/curvespage.h"

namespace torchdesk {

CurvesPage::CurvesPage(Bridge&, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("curvesPage"));
}

void CurvesPage::showLive()
{
    m_live = true;
}

void CurvesPage::showRuns(const std::vector<std::filesystem::path>&)
{
    m_live = false;
}

void CurvesPage::showFolder(const std::filesystem::path&)
{
    m_live = false;
}

} // namespace torchdesk
