// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/tryitpage.h"

namespace torchdesk {

TryItPage::TryItPage(Bridge&, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("tryItPage"));
}

void TryItPage::setRun(const std::filesystem::path& run)
{
    m_run = run;
}

} // namespace torchdesk
